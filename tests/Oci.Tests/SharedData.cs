using Hull.Skipping;

namespace Hull.Oci.Tests;

/// <summary>
/// The public schemas and the configurations of real engines, which are not part of the repository: the folder named by HULL_SHARED,
/// or a folder <c>shared</c> beside the repository.
/// </summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>The files of a folder whose names match; skips the test when there are none.</summary>
    internal static string[] Files(string folder, string pattern)
    {
        string[] files = TryFiles(folder, pattern);
        if (files.Length == 0)
        {
            Skip.Because($"data/{folder}/{pattern} is not there; set HULL_SHARED");
        }

        return files;
    }

    internal static string[] TryFiles(string folder, string pattern)
    {
        string path = Path.Combine(Root ?? "/nonexistent", "data", folder);
        return Directory.Exists(path) ? [.. Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal)] : [];
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data")))
            {
                return candidate;
            }
        }

        return null;
    }
}
