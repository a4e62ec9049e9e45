using System.Diagnostics;
using Hull.Skipping;

namespace Hull.Harness;

/// <summary>The CRIU that `./build.sh test` has fetched, or the one of this machine.</summary>
public static class Criu
{
    private static readonly Lazy<string?> Trouble = new(FindTrouble);

    /// <summary>PATH with it in front.</summary>
    public static string SearchPath => Folder is null ? Inherited : $"{Folder}:{Inherited}";

    /// <summary>Skips a test where there is none that works on this kernel.</summary>
    public static void Require() => Skip.Unless(Trouble.Value is null, Trouble.Value ?? "");

    private static string Inherited => Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin";

    private static string? Folder { get; } = Locate();

    private static string? Locate()
    {
        var named = Environment.GetEnvironmentVariable("HULL_CRIU");
        var folder = string.IsNullOrEmpty(named) ? Path.Combine(Path.GetDirectoryName(HullBinary.Path)!, "criu") : named;
        return File.Exists(Path.Combine(folder, "criu")) ? folder : null;
    }

    private static string? FindTrouble()
    {
        var program = Folder is null ? Requires.Find("criu") : Path.Combine(Folder, "criu");
        if (program is null)
        {
            return WhyNot() ?? "needs CRIU: ./build.sh criu fetches it";
        }

        var start = new ProcessStartInfo(program, "check") { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"criu check: {said.ReplaceLineEndings("; ")}";
    }

    private static string? WhyNot()
    {
        var note = Path.Combine(Path.GetDirectoryName(HullBinary.Path)!, "criu", "missing");
        return File.Exists(note) ? File.ReadAllText(note).Trim() : null;
    }
}
