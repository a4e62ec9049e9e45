namespace Hull.Oci;

/// <summary>
/// Writes a state member by member: the generated code first builds its metadata, for half a millisecond. A test proves that both write the
/// same.
/// </summary>
internal static class StateWriter
{
    internal static void Write(JsonText text, State state)
    {
        text.Open('{');
        text.Member("ociVersion", state.OciVersion);
        text.Member("id", state.Id);
        if (state.Pid is int pid)
        {
            text.Member("pid", pid);
        }

        text.Member("status", state.Status.SpecName());
        text.Member("bundle", state.Bundle);
        text.Member("rootfs", state.Rootfs);
        text.Member("created", state.Created);
        if (state.Annotations is Map<string> annotations)
        {
            text.Name("annotations");
            text.Open('{');
            foreach (KeyValuePair<string, string> annotation in annotations.Entries)
            {
                text.Member(annotation.Key, annotation.Value);
            }

            text.Close('}');
        }

        text.Member("owner", state.Owner);
        if (state.Exit is { } exit)
        {
            text.Name("exit");
            text.Open('{');
            WriteMembers(text, exit);
            text.Close('}');
        }

        text.Close('}');
    }

    internal static void WriteMembers(JsonText text, ContainerExit exit)
    {
        text.Member("status", exit.Status);
        if (exit.Signal is int signal)
        {
            text.Member("signal", signal);
        }

        text.Member("time", exit.Time);
        if (exit.OomKilled is bool killed)
        {
            text.Member("oomKilled", killed);
        }

        if (exit.PeakMemory is ulong peak)
        {
            text.Member("peakMemory", peak);
        }

        if (exit.CpuTime is ulong time)
        {
            text.Member("cpuTime", time);
        }
    }

    internal static void Write(JsonText text, ContainerProcessState state)
    {
        text.Open('{');
        text.Member("ociVersion", state.OciVersion);
        text.Name("fds");
        text.Open('[');
        foreach (string descriptor in state.Fds)
        {
            text.Value(descriptor);
        }

        text.Close(']');
        text.Name("pid");
        text.Value(state.Pid);
        text.Member("metadata", state.Metadata);
        text.Name("state");
        Write(text, state.State);
        text.Close('}');
    }
}
