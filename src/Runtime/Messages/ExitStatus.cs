
namespace Hull.Runtime;

/// <summary>What the program ends with when it fails by itself.</summary>
internal static class ExitStatus
{
    internal const int Success = 0;

    internal const int Failure = 1;

    /// <summary>Callers of exec must be able to tell our failure from the program's.</summary>
    internal const int ExecFailure = 255;

    /// <summary>What shells and engines expect of a program that a signal ended.</summary>
    internal static int OfSignal(int signal) => 128 + signal;

    internal static int OfFailure(object request) => request is ExecOptions ? ExecFailure : Failure;
}
