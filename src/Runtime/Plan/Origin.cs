using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Which property of the configuration, and which rule, demanded a step.</summary>
/// <param name="Path">The property: <c>mounts[2]</c>.</param>
/// <param name="Rule">The rule's id in the specification checklist, for example <c>MNT-01</c>; empty where hull itself wants the step.</param>
internal readonly record struct Origin(SpecPath Path, string Rule)
{
    public override string ToString() => Path.ToString();

    /// <summary>The error that this property, or this host, makes the request impossible: then there is no container (OP-CRE-03).</summary>
    public RuntimeError Refuse(string action, string? hint = null) => new(action) { Property = ToString(), Hint = hint };
}

/// <summary>Names for the properties that steps come from.</summary>
internal static class Origins
{
    public static Origin Property(string name, string rule) => new(SpecPath.Root.Property(name), rule);

    public static Origin Root(string name, string rule) => new(SpecPath.Root.Property("root").Property(name), rule);

    public static Origin Process(string name, string rule) => new(SpecPath.Root.Property("process").Property(name), rule);

    public static Origin Process(string name, int index, string rule) =>
        new(SpecPath.Root.Property("process").Property(name).Index(index), rule);

    public static Origin Linux(string name, string rule) => new(SpecPath.Root.Property("linux").Property(name), rule);

    public static Origin Linux(string name, int index, string rule) =>
        new(SpecPath.Root.Property("linux").Property(name).Index(index), rule);

    public static Origin Mount(int index, string rule) => new(SpecPath.Root.Property("mounts").Index(index), rule);

    /// <summary>No property asks for it: a runtime must do it for every container.</summary>
    public static Origin Lifecycle(string rule) => new(SpecPath.Root, rule);
}
