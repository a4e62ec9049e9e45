namespace Hull.Harness;

/// <summary>
/// A runtime that lacks system calls: tests/Harness/without.c forbids them by a filter and becomes the runtime. HULL_WITHOUT=ENOSYS:openat2,clone3
/// (or EPERM:…, or ENOSYS:4.18 for all that a kernel lacks) has every test call the runtime so.
/// </summary>
public static class WithoutCalls
{
    private const string Prefix = "hull-without-";

    private static readonly Lazy<string> Program = new(() => StaticProgram.Compile("without"));

    /// <summary>What HULL_WITHOUT says; null for nothing.</summary>
    public static string? Asked { get; } = Environment.GetEnvironmentVariable("HULL_WITHOUT") is { Length: > 0 } asked ? asked : null;

    /// <summary>The words that stand before a program that is to lack these calls: <c>ENOSYS:4.18</c>.</summary>
    public static string[] Words(string calls) => [Program.Value, calls];

    /// <summary>The program is one that <see cref="Wrap"/> has made.</summary>
    public static bool IsWrapper(string program) => Path.GetFileName(Path.GetDirectoryName(program))?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>A program of the same name that lacks the calls.</summary>
    public static string Wrap(string runtime, string calls)
    {
        var directory = Directory.CreateTempSubdirectory(Prefix).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        const UnixFileMode everybody = (UnixFileMode)0b111_101_101;
        File.SetUnixFileMode(directory, everybody);
        var program = Path.Combine(directory, "without");
        File.Copy(Program.Value, program);
        File.SetUnixFileMode(program, everybody);
        var wrapper = Path.Combine(directory, Path.GetFileName(runtime));
        File.WriteAllText(wrapper, $"#!/bin/sh\nexec {program} {calls} {runtime} \"$@\"\n");
        File.SetUnixFileMode(wrapper, everybody);
        return wrapper;
    }
}
