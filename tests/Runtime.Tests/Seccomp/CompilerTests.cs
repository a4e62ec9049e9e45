using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

public sealed class CompilerTests
{
    internal static readonly SpecPath Path = SpecPath.Root.Property("linux").Property("seccomp");
}
