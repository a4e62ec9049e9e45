using System.Diagnostics;

namespace Hull.Harness;

/// <summary>A program of the tests in C, from tests/Harness, compiled when it is first needed: static, so that it runs in any root file system.</summary>
public static class StaticProgram
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    /// <summary>Compiles NAME.c; the program goes when the tests end.</summary>
    public static string Compile(string name)
    {
        var source = Source(name) ?? throw new InvalidOperationException($"tests/Harness/{name}.c is not above the tests");
        var directory = Directory.CreateTempSubdirectory($"hull-{name}-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        var program = Path.Combine(directory, name);
        var start = new ProcessStartInfo("gcc", ["-O1", "-static", "-Wall", "-Werror", "-o", program, source]) { RedirectStandardError = true };
        using var compiler = Process.Start(start)!;
        var said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        File.SetUnixFileMode(directory, Everybody);
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException(said);
    }

    private static string? Source(string name)
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            var source = Path.Combine(directory, $"tests/Harness/{name}.c");
            if (File.Exists(source))
            {
                return source;
            }
        }

        return null;
    }
}
