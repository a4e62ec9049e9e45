using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The program that <c>exec</c> is to run, from its options and the container's own program; pure.</summary>
internal static class ExecProcess
{
    // To the kernel this id means "leave it as it is": it would keep root (user_namespaces(7), setresuid(2)).
    private const uint NoId = uint.MaxValue;

    /// <summary>The container's own program, with what the options change. It has a terminal only when they say so.</summary>
    /// <exception cref="RuntimeError">An option's value is not what it should be.</exception>
    public static Process Of(ExecOptions options, Process? own)
    {
        if (options.Program.Count == 0 || options.Program[0].Length == 0)
        {
            throw new RuntimeError("exec: the program is missing") { Hint = $"hull exec {options.ContainerId} PROGRAM [ARGUMENT...], or --process FILE" };
        }

        Process process = own ?? new Process { Cwd = "/", Args = [] };
        return process with
        {
            Args = [.. options.Program],
            Terminal = options.Terminal,
            ConsoleSize = null,
            Cwd = options.WorkingDirectory is { } directory ? Directory(directory) : process.Cwd,
            Env = [.. process.Env ?? [], .. Variables(options.Environment)],
            User = UserOf(options, process.User ?? new User { Uid = 0, Gid = 0 }),
            Capabilities = options.Capabilities.Count == 0 ? process.Capabilities : With(options.Capabilities, process.Capabilities ?? new Oci.Capabilities()),
            NoNewPrivileges = options.NoNewPrivileges || process.NoNewPrivileges == true,
            ApparmorProfile = options.AppArmor ?? process.ApparmorProfile,
            SelinuxLabel = options.ProcessLabel ?? process.SelinuxLabel,
        };
    }

    /// <summary>Which options a process from a file makes meaningless; empty when none is given. podman gives --tty beside it.</summary>
    public static string Unused(ExecOptions options)
    {
        string[] given =
        [
            .. options.WorkingDirectory is null ? (string[])[] : ["--cwd"],
            .. options.Environment.Count == 0 ? (string[])[] : ["--env"],
            .. options.User is null ? (string[])[] : ["--user"],
            .. options.AdditionalGids.Count == 0 ? (string[])[] : ["--additional-gids"],
            .. options.Capabilities.Count == 0 ? (string[])[] : ["--cap"],
            .. options.NoNewPrivileges ? ["--no-new-privs"] : (string[])[],
            .. options.AppArmor is null ? (string[])[] : ["--apparmor"],
            .. options.ProcessLabel is null ? (string[])[] : ["--process-label"],
            .. options.Program.Count == 0 ? (string[])[] : ["the program's arguments"],
        ];
        return string.Join(", ", given);
    }

    private static string Directory(string path) => path[0] == '/' ? path : throw Refuse("cwd", path, "an absolute path");

    private static IReadOnlyList<string> Variables(IReadOnlyList<string> variables)
    {
        foreach (string variable in variables)
        {
            if (variable.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                throw Refuse("env", variable, "of the form NAME=VALUE");
            }
        }

        return variables;
    }

    /// <summary>The group stays as configured when only the user is given, and groups are added to those configured, as with runc.</summary>
    private static User UserOf(ExecOptions options, User user)
    {
        if (options.User is { } given)
        {
            int colon = given.IndexOf(':', StringComparison.Ordinal);
            user = user with
            {
                Uid = Id("user", given, colon < 0 ? given : given[..colon]),
                Gid = colon < 0 ? user.Gid : Id("user", given, given[(colon + 1)..]),
            };
        }

        if (options.AdditionalGids.Count == 0)
        {
            return user;
        }

        List<uint> groups = [.. user.AdditionalGids ?? []];
        foreach (string group in options.AdditionalGids)
        {
            groups.Add(Id("additional-gids", group, group));
        }

        return user with { AdditionalGids = groups };
    }

    /// <summary>Exactly a number as people write one: anything else could be taken for another id, and so for root (CVE-2026-30892).</summary>
    private static uint Id(string option, string whole, string digits)
    {
        ulong id = 0;
        bool valid = digits.Length is > 0 and <= 10 && (digits.Length == 1 || digits[0] != '0');
        foreach (char digit in digits)
        {
            valid &= char.IsAsciiDigit(digit);
            id = valid ? (id * 10) + (ulong)(digit - '0') : NoId;
        }

        return valid && id < NoId ? (uint)id : throw Refuse(option, whole, option == "user"
            ? "UID or UID:GID, numbers from 0 to 4294967294"
            : "a number from 0 to 4294967294");
    }

    /// <summary>
    /// Ambient only what is inheritable already: the kernel allows no more, and a capability must never become inheritable unasked
    /// (CVE-2022-29162).
    /// </summary>
    private static Oci.Capabilities With(IReadOnlyList<string> added, Oci.Capabilities capabilities)
    {
        List<string> ambient = [.. capabilities.Ambient ?? []];
        foreach (string name in added)
        {
            if (CapabilityNames.NumberOf(name) < 0)
            {
                throw Refuse("cap", name, "a capability, such as CAP_NET_ADMIN");
            }

            if (capabilities.Inheritable?.Contains(name) == true)
            {
                ambient.Add(name);
            }
        }

        return capabilities with
        {
            Bounding = [.. capabilities.Bounding ?? [], .. added],
            Effective = [.. capabilities.Effective ?? [], .. added],
            Permitted = [.. capabilities.Permitted ?? [], .. added],
            Ambient = ambient,
        };
    }

    private static RuntimeError Refuse(string option, string value, string expected) =>
        new($"option --{option}: {OptionReader.Quote(value)} is not {expected}");
}
