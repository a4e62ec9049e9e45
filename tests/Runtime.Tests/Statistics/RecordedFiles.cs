
namespace Hull.Runtime.Tests.Statistics;

/// <summary>A container's cgroup files as they were recorded: one folder for each v1 controller, and one named unified.</summary>
internal sealed class RecordedFiles(string root, string? resourceControlGroup = null) : IStatisticsFiles
{
    public string? ResourceControlGroup => resourceControlGroup;

    /// <summary>The recording of that name beside this file.</summary>
    public static RecordedFiles Of(string name) => new(SourceTree.Place("tests", "Runtime.Tests", "Statistics", "Recorded", name));

    public bool IsV1(string controller) => controller.Length > 0 && Directory.Exists(Path.Combine(root, controller));

    public string? Read(string controller, string file) => ReadFile(Path.Combine(Folder(controller), file));

    public IReadOnlyList<string> Names(string controller) => List(Folder(controller));

    public string? ReadResourceControl(string path) => ReadFile(Path.Combine(root, "resctrl", path));

    public IReadOnlyList<string> ResourceControlNames(string path) => List(Path.Combine(root, "resctrl", path));

    private string Folder(string controller) => Path.Combine(root, IsV1(controller) ? controller : "unified");

    private static string? ReadFile(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    private static string[] List(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)] : [];
}
