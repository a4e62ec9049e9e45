using Hull.Conformance.Suite;

namespace Hull.Conformance.PublicSuite;

internal sealed class ValidationSuite(string checkout, Options options)
{
    public int Run(IReadOnlyList<RuntimeUnderTest> runtimes) => throw new ArgumentException($"{checkout} {options.Jobs} {runtimes.Count}");
}
