
namespace Hull.Oci;

/// <summary>Reads a whole <c>config.json</c>.</summary>
public static class ConfigDocument
{
    /// <summary>
    /// Reads the document; every fault of form is reported, none is thrown. What the values mean together is
    /// <see cref="Validator"/>'s.
    /// </summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Config> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, ConfigReader.ReadConfig);
}

/// <summary>Reads a process alone, as <c>exec --process</c> gets it.</summary>
public static class ProcessDocument
{
    /// <summary>Reads the document; paths in its faults start at the process.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Process> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, ProcessReader.ReadProcess);
}

/// <summary>Reads resources alone, as <c>update --resources</c> gets them.</summary>
public static class ResourcesDocument
{
    /// <summary>Reads the document; paths in its faults start at the resources.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Resources> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, ResourcesReader.ReadResources);
}
