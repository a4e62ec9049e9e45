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
    /// Finds out which they are, and refuses when one of LISTEN_FDS, or the last one of <c>--preserve-fds</c>, is not open (FD-04). One before the
    /// last may be closed, and stays so in the container: engines count up to the highest descriptor that their user named. To be asked before
    /// we open anything: with no number free among them, no descriptor of our own can ever get one and reach the container, and none of ours
    /// can be taken for the caller's.
    /// </summary>
    public static PreservedDescriptors Of(uint preserved)
    {
        SocketActivation sockets = OfCaller();
        string reason = sockets.Count == 0 ? $"--preserve-fds {preserved}"
            : preserved == 0 ? $"LISTEN_FDS={sockets.Count}"
            : $"LISTEN_FDS={sockets.Count} and --preserve-fds {preserved}";
        long end = First + sockets.Count + (long)preserved;
        if (preserved > 0)
        {
            Require(end - 1, reason);
        }

        for (long number = First; number < end; number++)
        {
            if (number < First + sockets.Count)
            {
                Require(number, reason);
            }
            else if (Descriptors.GetDescriptorFlags(new Fd((int)number)).Failed)
            {
                // The lowest free number is what the kernel gives; the file goes away with execve.
                Files.OpenAt(Fd.CurrentDirectory, "/dev/null", OpenFlags.ReadOnly | OpenFlags.CloseOnExec).OrThrow("open /dev/null");
            }
        }

        return new PreservedDescriptors(sockets.Count + (int)preserved, sockets);
    }

    private static void Require(long number, string reason)
    {
        if (number > int.MaxValue || !IsCallers(new Fd((int)number)))
        {
            throw new RuntimeError($"{reason}: descriptor {number} is not open")
            {
                Hint = "descriptors are counted from 3 on; the last one, and each of LISTEN_FDS, must be open",
            };
        }
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
