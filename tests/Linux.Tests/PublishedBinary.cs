using System.Diagnostics;

namespace Hull.Linux.Tests;

/// <summary>
/// The published binary, as objdump shows it. HULL_SYMBOLS names the file with the symbols (unstripped, or split off by objcopy with the
/// binary beside it); without it out/hull.dbg and out/hull are looked for. Without any the test is skipped.
/// </summary>
internal static class PublishedBinary
{
    /// <summary>The symbol table.</summary>
    public static string Symbols() => Objdump("-t", FileWithSymbols());

    /// <summary>The machine code.</summary>
    public static string Code()
    {
        return Objdump("-d", "-M", "intel", "--no-show-raw-insn", Path());
    }

    /// <summary>Where it is.</summary>
    public static string Path()
    {
        var symbols = FileWithSymbols();
        return symbols.EndsWith(".dbg", StringComparison.Ordinal) ? symbols[..^4] : symbols;
    }

    /// <summary>A file of this source tree, or null where the tests run without it.</summary>
    public static string? FindUpwards(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, path)))
            {
                return System.IO.Path.Combine(directory.FullName, path);
            }
        }

        return null;
    }

    private static string FileWithSymbols()
    {
        var symbols = Environment.GetEnvironmentVariable("HULL_SYMBOLS") ?? FindUpwards("out/hull.dbg") ?? FindUpwards("out/hull");
        Skip.Unless(File.Exists(symbols), "needs a published binary with symbols (out/hull.dbg or HULL_SYMBOLS)");
        return symbols!;
    }

    private static string Objdump(params string[] arguments)
    {
        Skip.Unless(File.Exists("/usr/bin/objdump"), "needs objdump (package binutils)");
        using var objdump = Process.Start(new ProcessStartInfo("/usr/bin/objdump", arguments) { RedirectStandardOutput = true })!;
        var text = objdump.StandardOutput.ReadToEnd();
        objdump.WaitForExit();
        objdump.ExitCode.Should().Be(0);
        return text;
    }
}
