using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What is wrong with a document that somebody has given us, told in one line.</summary>
internal static class DocumentFaults
{
    /// <summary>Tells what is odd but allowed.</summary>
    public static void Report(ImmutableArray<Warning> warnings, Log log)
    {
        foreach (Warning warning in warnings)
        {
            if (warning.Severity == Severity.Warning)
            {
                log.Warning(warning.ToString());
            }
            else if (log.IsDebug)
            {
                log.Debug(warning.ToString());
            }
        }
    }

    /// <summary>The error that names every fault of a file.</summary>
    public static RuntimeError Refuse(string file, ImmutableArray<Violation> violations) =>
        violations is [var only]
            ? new RuntimeError($"{file}: {only}") { Property = null }
            : new RuntimeError($"{file} has {violations.Length} faults: {string.Join("; ", violations)}");
}
