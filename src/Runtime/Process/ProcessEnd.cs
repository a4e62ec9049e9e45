using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The end of a process that was killed. It comes at once, except to a process in the middle of what the kernel cannot break off, such as a read from
/// a file server that does not answer: that one is not waited for without an end.
/// </summary>
internal static class ProcessEnd
{
    /// <summary>How long a process that was killed is waited for.</summary>
    public const int PatienceMilliseconds = 10_000;

    /// <summary>A process, open as a pidfd, has ended; waits for that as long as told.</summary>
    public static bool HasCome(Fd process, int timeoutMilliseconds = 0)
    {
        Span<PollDescriptor> descriptors = [new PollDescriptor(process, PollEvents.In)];
        return Processes.PollProcess(descriptors, timeoutMilliseconds).OrThrow("ppoll") > 0;
    }

    /// <summary>Waits until a process that was killed has ended; a child still is to be waited for.</summary>
    /// <param name="pid">Its number, for the message.</param>
    /// <param name="owner">How the message begins: <c>container "web": </c>.</param>
    /// <param name="advice">What to do about it.</param>
    /// <param name="others">Asks which other processes were killed with it: the first of a pid namespace lasts as long as any in it.</param>
    /// <exception cref="RuntimeError">It does not die: the message names it and the others, their states and where in the kernel they wait.</exception>
    public static void Await(
        Fd process, int pid, string owner = "", string? advice = null, int timeoutMilliseconds = PatienceMilliseconds, Func<IEnumerable<int>>? others = null)
    {
        if (!HasCome(process, timeoutMilliseconds))
        {
            int[] left = [.. (others?.Invoke() ?? []).Where(other => other != pid)];
            string beside = left.Length == 0 ? "" : $", nor {(left.Length == 1 ? "does" : "do")} {ProcessNames.DescribeWaits(left)}";
            throw new RuntimeError($"{owner}process {ProcessNames.DescribeWaits([pid])} does not die{beside}")
            {
                Hint = $"in state D it waits for a device or a file server{(advice is null ? "" : $"; {advice}")}",
            };
        }
    }

    /// <summary>Kills a child of ours and waits for its end.</summary>
    /// <exception cref="KernelException">It may not be killed: then it may never end, and is not waited for.</exception>
    /// <exception cref="RuntimeError">It does not die.</exception>
    public static void Kill(ClonedProcess child)
    {
        SyscallResult killed = Processes.SendSignal(child.Process, (int)Signal.SIGKILL);
        if (killed.Failed && killed.Errno != Errno.ESRCH)
        {
            killed.OrThrow($"kill {child.Pid}");
        }

        Await(child.Process, child.Pid);
        Processes.Wait(child.Process, WaitOptions.Exited | WaitOptions.NoHang, out _);
    }
}
