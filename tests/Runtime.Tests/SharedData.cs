using Hull.Skipping;

namespace Hull.Runtime.Tests;

/// <summary>
/// Configurations of real engines, which are not part of the repository: the folder named by HULL_SHARED, or a folder <c>shared</c>
/// beside the repository.
/// </summary>
internal static class SharedData
{
    /// <summary>The path of a file; skips the test where it is not there.</summary>
    internal static string File(string folder, string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named ? named : SourceTree.Place("..", "shared"), "data", folder, name);
        Skip.Unless(System.IO.File.Exists(path), $"data/{folder}/{name} is not there; set HULL_SHARED");
        return path;
    }
}
