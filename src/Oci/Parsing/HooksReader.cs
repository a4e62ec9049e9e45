namespace Hull.Oci;

/// <summary>Reads hooks.</summary>
internal static class HooksReader
{
    internal static Hooks? ReadHooks(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        IReadOnlyList<Hook>? prestart = null, createRuntime = null, createContainer = null;
        IReadOnlyList<Hook>? startContainer = null, poststart = null, poststop = null;
        while (reader.NextMember())
        {
            if (reader.Is("prestart")) prestart = reader.ReadList(ReadHook);
            else if (reader.Is("createRuntime")) createRuntime = reader.ReadList(ReadHook);
            else if (reader.Is("createContainer")) createContainer = reader.ReadList(ReadHook);
            else if (reader.Is("startContainer")) startContainer = reader.ReadList(ReadHook);
            else if (reader.Is("poststart")) poststart = reader.ReadList(ReadHook);
            else if (reader.Is("poststop")) poststop = reader.ReadList(ReadHook);
            else reader.SkipUnknown();
        }

        return new Hooks
        {
            Prestart = prestart,
            CreateRuntime = createRuntime,
            CreateContainer = createContainer,
            StartContainer = startContainer,
            Poststart = poststart,
            Poststop = poststop,
        };
    }

    private static Hook? ReadHook(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? path = null;
        IReadOnlyList<string>? args = null, env = null;
        int? timeout = null;
        while (reader.NextMember())
        {
            if (reader.Is("path")) path = reader.ReadString();
            else if (reader.Is("args")) args = reader.ReadStrings();
            else if (reader.Is("env")) env = reader.ReadStrings();
            else if (reader.Is("timeout")) timeout = reader.ReadInt32();
            else reader.SkipUnknown();
        }

        if (path is null)
        {
            reader.Missing(Rules.HookPathIsGiven, "path");
            return null;
        }

        return new Hook { Path = path, Args = args, Env = env, Timeout = timeout };
    }
}
