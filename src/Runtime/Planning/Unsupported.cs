using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>
/// Properties that this version does not carry out. They are refused by name: a container that silently lacks what its
/// configuration asks for is worse than none.
/// </summary>
internal static class Unsupported
{
    /// <exception cref="RuntimeError">The first such property that is set.</exception>
    public static void Refuse(Config config)
    {
        Refuse(!string.IsNullOrEmpty(config.Linux?.MountLabel), SpecPath.Root.Property("linux").Property("mountLabel"));
    }

    private static void Refuse(bool wanted, SpecPath path)
    {
        if (wanted)
        {
            throw new Origin(path, "OP-CRE-03").Refuse("not supported by this version of hull");
        }
    }
}
