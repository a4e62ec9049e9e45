
namespace Hull.Runtime;

/// <summary>
/// Some architectures have calls through which others go: socketcall(2) and ipc(2), whose first argument says which. A rule for socket(2)
/// must hold there too, or it would be no rule. What else the rule asks of the first argument is lost there, as in libseccomp: the
/// real arguments of socketcall are in memory, where no filter can look.
/// </summary>
internal static class Multiplexers
{
    /// <summary>How many calls are reached through another one; they are numbered from 0.</summary>
    public const int Count = 32;

    private const int FirstOfIpc = 20;

    /// <summary>The call that is reached, the one through which, and its first argument then. linux/net.h, linux/ipc.h</summary>
    public static (string Name, bool ThroughIpc, uint Number) At(int index) => index < FirstOfIpc
        ? (SocketName(index), false, (uint)index + 1)
        : IpcCall(index);

    private static string SocketName(int index) => index switch
    {
        0 => "socket",
        1 => "bind",
        2 => "connect",
        3 => "listen",
        4 => "accept",
        5 => "getsockname",
        6 => "getpeername",
        7 => "socketpair",
        8 => "send",
        9 => "recv",
        10 => "sendto",
        11 => "recvfrom",
        12 => "shutdown",
        13 => "setsockopt",
        14 => "getsockopt",
        15 => "sendmsg",
        16 => "recvmsg",
        17 => "accept4",
        18 => "recvmmsg",
        _ => "sendmmsg",
    };

    private static (string Name, bool ThroughIpc, uint Number) IpcCall(int index) => index switch
    {
        20 => ("semop", true, 1),
        21 => ("semget", true, 2),
        22 => ("semctl", true, 3),
        23 => ("semtimedop", true, 4),
        24 => ("msgsnd", true, 11),
        25 => ("msgrcv", true, 12),
        26 => ("msgget", true, 13),
        27 => ("msgctl", true, 14),
        28 => ("shmat", true, 21),
        29 => ("shmdt", true, 22),
        30 => ("shmget", true, 23),
        _ => ("shmctl", true, 24),
    };

    /// <summary>The place of the multiplexing call among <see cref="SyscallNames"/>.</summary>
    public static int Name(bool ipc) => SyscallNames.IndexOf(ipc ? "ipc" : "socketcall");

    /// <summary>A rule for a call as it must be for the multiplexing one.</summary>
    public static ArgumentRule Through(ArgumentRule rule, uint number)
    {
        var tests = new List<ArgumentTest>(rule.Tests.Length + 1) { new(0, Oci.SeccompOperator.Equal, ulong.MaxValue, number) };
        foreach (ArgumentTest test in rule.Tests)
        {
            if (test.Index != 0)
            {
                tests.Add(test);
            }
        }

        return new ArgumentRule(rule.Action, [.. tests]);
    }
}
