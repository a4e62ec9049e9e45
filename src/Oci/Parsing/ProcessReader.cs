namespace Hull.Oci;

/// <summary>Reads the process.</summary>
internal static class ProcessReader
{
    internal static Process? ReadProcess(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;
        bool? terminal = null, noNewPrivileges = null;
        ConsoleSize? consoleSize = null;
        string? cwd = null, apparmorProfile = null, selinuxLabel = null;
        IReadOnlyList<string>? env = null, args = null;
        IReadOnlyList<Rlimit>? rlimits = null;
        Capabilities? capabilities = null;
        int? oomScoreAdj = null;
        Scheduler? scheduler = null;
        IoPriority? ioPriority = null;
        ExecCpuAffinity? execCpuAffinity = null;
        User? user = null;
        while (reader.NextMember())
        {
            if (reader.Is("terminal")) terminal = reader.ReadBoolean();
            else if (reader.Is("consoleSize")) consoleSize = ReadConsoleSize(ref reader);
            else if (reader.Is("cwd")) cwd = reader.ReadString();
            else if (reader.Is("env")) env = reader.ReadStrings();
            else if (reader.Is("args")) args = reader.ReadStrings();
            else if (reader.Is("rlimits")) rlimits = reader.ReadList(ReadRlimit);
            else if (reader.Is("apparmorProfile")) apparmorProfile = reader.ReadString();
            else if (reader.Is("capabilities")) capabilities = ReadCapabilities(ref reader);
            else if (reader.Is("noNewPrivileges")) noNewPrivileges = reader.ReadBoolean();
            else if (reader.Is("oomScoreAdj")) oomScoreAdj = reader.ReadInt32();
            else if (reader.Is("scheduler")) scheduler = SchedulingReader.ReadScheduler(ref reader);
            else if (reader.Is("selinuxLabel")) selinuxLabel = reader.ReadString();
            else if (reader.Is("ioPriority")) ioPriority = SchedulingReader.ReadIoPriority(ref reader);
            else if (reader.Is("execCPUAffinity")) execCpuAffinity = SchedulingReader.ReadExecCpuAffinity(ref reader);
            else if (reader.Is("user")) user = ReadUser(ref reader);
            else reader.SkipUnknown();
        }

        if (cwd is null || args is null)
        {
            reader.Missing(Rules.WorkingDirectoryIsAbsolute, cwd is null ? "cwd" : null);
            reader.Missing(Rules.ArgumentsAreGiven, args is null ? "args" : null);
            return null;
        }

        return new Process
        {
            Terminal = terminal,
            ConsoleSize = consoleSize,
            Cwd = cwd,
            Env = env,
            Args = args,
            Rlimits = rlimits,
            ApparmorProfile = apparmorProfile,
            Capabilities = capabilities,
            NoNewPrivileges = noNewPrivileges,
            OomScoreAdj = oomScoreAdj,
            Scheduler = scheduler,
            SelinuxLabel = selinuxLabel,
            IoPriority = ioPriority,
            ExecCpuAffinity = execCpuAffinity,
            User = user,
        };
    }

    private static ConsoleSize? ReadConsoleSize(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        uint? height = null, width = null;
        while (reader.NextMember())
        {
            if (reader.Is("height")) height = reader.ReadUInt32();
            else if (reader.Is("width")) width = reader.ReadUInt32();
            else reader.SkipUnknown();
        }

        if (height is null || width is null)
        {
            reader.Missing(Rules.ConsoleSizeIsComplete, height is null ? "height" : null, width is null ? "width" : null);
            return null;
        }

        return new ConsoleSize { Height = height.Value, Width = width.Value };
    }

    private static Rlimit? ReadRlimit(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        RlimitType? type = null;
        ulong? soft = null, hard = null;
        while (reader.NextMember())
        {
            if (reader.Is("type")) type = (RlimitType?)reader.ReadName(SpecNames.RlimitTypes, Rules.RlimitIsSettable);
            else if (reader.Is("soft")) soft = reader.ReadUInt64();
            else if (reader.Is("hard")) hard = reader.ReadUInt64();
            else reader.SkipUnknown();
        }

        if (type is null || soft is null || hard is null)
        {
            reader.Missing(
                Rules.RlimitIsComplete, type is null ? "type" : null, soft is null ? "soft" : null, hard is null ? "hard" : null);
            return null;
        }

        return new Rlimit { Type = type.Value, Soft = soft.Value, Hard = hard.Value };
    }

    private static Capabilities? ReadCapabilities(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        IReadOnlyList<string>? effective = null, bounding = null, inheritable = null, permitted = null, ambient = null;
        while (reader.NextMember())
        {
            if (reader.Is("effective")) effective = reader.ReadStrings();
            else if (reader.Is("bounding")) bounding = reader.ReadStrings();
            else if (reader.Is("inheritable")) inheritable = reader.ReadStrings();
            else if (reader.Is("permitted")) permitted = reader.ReadStrings();
            else if (reader.Is("ambient")) ambient = reader.ReadStrings();
            else reader.SkipUnknown();
        }

        return new Capabilities
        {
            Effective = effective,
            Bounding = bounding,
            Inheritable = inheritable,
            Permitted = permitted,
            Ambient = ambient,
        };
    }

    private static User? ReadUser(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        uint? uid = null, gid = null, umask = null;
        IReadOnlyList<uint>? additionalGids = null;
        while (reader.NextMember())
        {
            if (reader.Is("uid")) uid = reader.ReadUInt32();
            else if (reader.Is("gid")) gid = reader.ReadUInt32();
            else if (reader.Is("umask")) umask = reader.ReadUInt32();
            else if (reader.Is("additionalGids")) additionalGids = reader.ReadUInt32List();
            else reader.SkipUnknown();
        }

        if (uid is null || gid is null)
        {
            reader.Missing(Rules.UserIsComplete, uid is null ? "uid" : null, gid is null ? "gid" : null);
            return null;
        }

        return new User { Uid = uid.Value, Gid = gid.Value, Umask = umask, AdditionalGids = additionalGids };
    }
}
