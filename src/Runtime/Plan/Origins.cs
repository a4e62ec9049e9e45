using Hull.Oci;

namespace Hull.Runtime;

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
