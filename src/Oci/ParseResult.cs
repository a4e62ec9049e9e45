using System.Collections.Immutable;

namespace Hull.Oci;

/// <summary>What became of a document.</summary>
/// <typeparam name="T">What the document holds.</typeparam>
/// <param name="Value">What was read; null exactly when there is a violation.</param>
/// <param name="Violations">Everything that is wrong, in the order of the document.</param>
/// <param name="Warnings">What is worth saying, in the order of the document.</param>
public sealed record ParseResult<T>(T? Value, ImmutableArray<Violation> Violations, ImmutableArray<Warning> Warnings)
    where T : class;
