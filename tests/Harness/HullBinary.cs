namespace Hull.Harness;

/// <summary>The published programs that the tests drive from outside. HULL_BINARY may name any runtime with runc's command line.</summary>
public static class HullBinary
{
    /// <summary>The file itself, whatever it is called through.</summary>
    public static string File { get; } = Locate("HULL_BINARY", "hull");

    public static string Path { get; } = WithoutCalls.Asked is { } calls ? WithoutCalls.Wrap(File, calls) : File;

    public static string Soak => Locate("HULL_SOAK", "soak");

    public static string Observer { get; } = Locate("HULL_OBSERVER", "observer");

    /// <summary>Whether the runtime under test is hull; what only hull promises is skipped for others.</summary>
    public static bool IsHull { get; } = System.IO.Path.GetFileName(Path) == "hull";

    private static string Locate(string variable, string name)
    {
        var path = Environment.GetEnvironmentVariable(variable);
        path = string.IsNullOrEmpty(path) ? BesideSources(name) : path;
        return path is not null && System.IO.File.Exists(path)
            ? path
            : throw new InvalidOperationException(
                $"{path ?? "out/" + name} is missing: ./build.sh test publishes it; or set {variable} to the program to test");
    }

    private static string? BesideSources(string name)
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = System.IO.Path.GetDirectoryName(directory))
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(directory, "Runtime.sln")))
            {
                return System.IO.Path.Combine(directory, "out", name);
            }
        }

        return null;
    }
}
