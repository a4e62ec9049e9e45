using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The caller's descriptors that go on to the program: those of <c>LISTEN_FDS</c> first, then <c>--preserve-fds</c> more, all from 3 on.
/// </summary>
internal readonly record struct PreservedDescriptors(int Count, SocketActivation Sockets)
{
    private const int First = 3;

    /// <summary>
    /// Finds out which they are, and refuses when one of them is not open (FD-04). To be asked before we open anything: with no number free
    /// among them, no descriptor of our own can ever get one and reach the container, and none of ours can be taken for the caller's.
    /// </summary>
    public static PreservedDescriptors Of(uint preserved)
    {
        SocketActivation sockets = OfCaller();
        string reason = sockets.Count == 0 ? $"--preserve-fds {preserved}"
            : preserved == 0 ? $"LISTEN_FDS={sockets.Count}"
            : $"LISTEN_FDS={sockets.Count} and --preserve-fds {preserved}";
        for (long number = First; number < First + sockets.Count + (long)preserved; number++)
        {
            if (number > int.MaxValue || !IsCallers(new Fd((int)number)))
            {
                throw new RuntimeError($"{reason}: descriptor {number} is not open")
                {
                    Hint = "the descriptors from 3 on are passed on, without a gap",
                };
            }
        }

        return new PreservedDescriptors(sockets.Count + (int)preserved, sockets);
    }

    /// <summary>It came through execve, which none of our own does: the .NET runtime has opened some before we could ask.</summary>
    private static bool IsCallers(Fd descriptor)
    {
        SyscallResult flags = Descriptors.GetDescriptorFlags(descriptor);
        return !flags.Failed && ((DescriptorFlags)flags.Value & DescriptorFlags.CloseOnExec) == 0;
    }

    /// <summary>What is meant for another process is not ours to pass on: a caller's own variables reach everything that it starts.</summary>
    private static SocketActivation OfCaller() => Parse(
        Environment.GetEnvironmentVariable("LISTEN_FDS"), Environment.GetEnvironmentVariable("LISTEN_PID"),
        Environment.GetEnvironmentVariable("LISTEN_FDNAMES"), Processes.ProcessId());

    /// <summary>The same of given variables.</summary>
    internal static SocketActivation Parse(string? count, string? process, string? names, int own)
    {
        if (string.IsNullOrEmpty(count) || process != own.ToString(CultureInfo.InvariantCulture))
        {
            return SocketActivation.None;
        }

        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new SocketActivation(number, number == 0 ? "" : names ?? "")
            : throw new RuntimeError($"LISTEN_FDS={CallerText.Printable(count)} is not a number of descriptors") { Hint = "unset it, or set it as sd_listen_fds(3) says" };
    }
}
