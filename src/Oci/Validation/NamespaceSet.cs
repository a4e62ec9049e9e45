namespace Hull.Oci;

/// <summary>Which types of namespaces the container has of its own: new ones and joined ones.</summary>
internal readonly struct NamespaceSet
{
    private readonly int created;
    private readonly int joined;

    private NamespaceSet(int created, int joined)
    {
        this.created = created;
        this.joined = joined;
    }

    internal static NamespaceSet Of(LinuxConfig? linux)
    {
        int created = 0;
        int joined = 0;
        foreach (Namespace item in (linux?.Namespaces).Items())
        {
            created |= item.Path is null ? 1 << (int)item.Type : 0;
            joined |= item.Path is not null ? 1 << (int)item.Type : 0;
        }

        return new NamespaceSet(created, joined);
    }

    internal bool Has(NamespaceType type) => ((created | joined) & (1 << (int)type)) != 0;

    internal bool Creates(NamespaceType type) => (created & (1 << (int)type)) != 0;
}
