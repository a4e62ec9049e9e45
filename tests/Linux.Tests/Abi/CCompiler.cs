using System.Diagnostics;

namespace Hull.Linux.Tests.Abi;

/// <summary>A C compiler that only checks.</summary>
internal sealed class CCompiler
{
    private readonly string[] _command;

    private CCompiler(params string[] command) => _command = command;

    /// <summary>gcc with the headers of this machine.</summary>
    public static CCompiler ForThisProcessor()
    {
        Skip.When(Find("gcc") is null, "needs gcc (package gcc)");
        return new CCompiler("gcc");
    }

    /// <summary>Any compiler that can be told to think of arm64, with the headers of Debian's cross package.</summary>
    public static CCompiler ForArm64()
    {
        var headers = Environment.GetEnvironmentVariable("HULL_ARM64_HEADERS") ?? "/usr/aarch64-linux-gnu/include";
        Skip.When(!Directory.Exists(headers), "needs arm64 headers (package libc6-dev-arm64-cross, or HULL_ARM64_HEADERS)");
        Skip.When(Find("clang") is null, "needs a compiler for arm64 (package clang)");
        return new CCompiler("clang", "--target=aarch64-linux-gnu", "-nostdlibinc", "-isystem", headers);
    }

    /// <summary>What the compiler objects to in these files; empty is good.</summary>
    public string Check(IEnumerable<(string Name, string Source)> files)
    {
        var directory = Directory.CreateTempSubdirectory("hull-abi-");
        try
        {
            var start = new ProcessStartInfo(_command[0])
            {
                RedirectStandardError = true,
                WorkingDirectory = directory.FullName,
            };
            string[] options = [.. _command.Skip(1), "-std=gnu11", "-D_GNU_SOURCE", "-fsyntax-only"];
            Array.ForEach(options, start.ArgumentList.Add);
            foreach (var (name, source) in files)
            {
                File.WriteAllText(Path.Combine(directory.FullName, name + ".c"), source);
                start.ArgumentList.Add(name + ".c");
            }

            using var compiler = Process.Start(start)!;
            var objections = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? "" : objections + $"exit status {compiler.ExitCode}";
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
