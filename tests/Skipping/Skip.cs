using System.Diagnostics.CodeAnalysis;

namespace Hull.Skipping;

/// <summary>Ends the running test as skipped: what cannot be tried on this machine is never counted as passed.</summary>
public static class Skip
{
    [DoesNotReturn]
    public static void Because(string reason) => throw new SkippedException(reason);

    public static void Unless(bool possible, string reason)
    {
        if (!possible)
        {
            Because(reason);
        }
    }
}

/// <summary>Its message carries the prefix that xunit 3 reserves for this, so that moving there needs no change.</summary>
public sealed class SkippedException(string reason) : Exception(Prefix + reason)
{
    public const string Prefix = "$XunitDynamicSkip$";
}
