using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What a filter answers, as the 32 bits that the kernel reads.</summary>
internal static class FilterAction
{
    /// <summary>"No such system call": what programs take as a sign to try an older one.</summary>
    public const uint NoSuchCall = (uint)SeccompAction.Error | (uint)Errno.ENOSYS;

    /// <summary>What a call of an architecture that the profile does not list gets, as in libseccomp (SEC-04).</summary>
    public const uint ForeignArchitecture = (uint)SeccompAction.KillThread;

    /// <summary>The action of a profile; its number is EPERM when it says none (SEC-01, SEC-02, SEC-03).</summary>
    public static uint Of(Oci.SeccompAction action, uint? number) => action switch
    {
        Oci.SeccompAction.KillProcess => (uint)SeccompAction.KillProcess,
        Oci.SeccompAction.Trap => (uint)SeccompAction.Trap,
        Oci.SeccompAction.Errno => (uint)SeccompAction.Error | NumberOrEperm(number),
        Oci.SeccompAction.Trace => (uint)SeccompAction.Trace | NumberOrEperm(number),
        Oci.SeccompAction.Allow => (uint)SeccompAction.Allow,
        Oci.SeccompAction.Log => (uint)SeccompAction.Log,
        Oci.SeccompAction.Notify => (uint)SeccompAction.Notify,
        Oci.SeccompAction.Kill or Oci.SeccompAction.KillThread => (uint)SeccompAction.KillThread,
    };

    /// <summary>What an answer does to a call, to be read after its name.</summary>
    public static string Describe(uint answer)
    {
        uint data = answer & ushort.MaxValue;
        return (SeccompAction)(answer & ~(uint)ushort.MaxValue) switch
        {
            SeccompAction.KillThread => "kills the thread by SIGSYS",
            SeccompAction.KillProcess => "kills the process by SIGSYS",
            SeccompAction.Trap => "raises SIGSYS",
            SeccompAction.Error when data == 0 => "does nothing and returns 0",
            SeccompAction.Error => $"fails with {(Errno)data} ({((Errno)data).Text()})",
            SeccompAction.Trace => $"asks a tracer, with {data}; without one it fails with ENOSYS",
            SeccompAction.Log => "is allowed and logged",
            SeccompAction.Notify => "asks the seccomp agent",
            _ => "is allowed",
        };
    }

    /// <summary>The validator has seen to it that it has 16 bits.</summary>
    private static uint NumberOrEperm(uint? number) => number ?? (uint)Errno.EPERM;
}
