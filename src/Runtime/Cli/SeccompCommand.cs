using System.Globalization;
using CommandLine;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("seccomp", HelpText = "say what a bundle's filter of system calls does: explain SYSCALL [ARG...], or dump")]
[Example("explain openat", "what happens to a call, and which rule says so")]
[Example("explain --bundle /bundles/web clone 0x10000000", "the same of one with a known argument")]
[Example("dump", "the whole filter, readable")]
internal sealed class SeccompOptions : Command
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Value(0, MetaName = "explain|dump", Required = true, HelpText = "explain: which rule decides about a call, and what happens; dump: the program, readable")]
    public string Question { get; set; } = "";

    [Value(1, MetaName = "syscall", HelpText = "explain: the call, by name or number")]
    public string? Call { get; set; }

    [Value(2, MetaName = "argument-0", HelpText = "what is known of its arguments, decimal or 0x...")]
    public string? Argument0 { get; set; }

    [Value(3, MetaName = "argument-1", HelpText = "and so on")]
    public string? Argument1 { get; set; }

    [Value(4, MetaName = "argument-2", HelpText = "and so on")]
    public string? Argument2 { get; set; }

    [Value(5, MetaName = "argument-3", HelpText = "and so on")]
    public string? Argument3 { get; set; }

    [Value(6, MetaName = "argument-4", HelpText = "and so on")]
    public string? Argument4 { get; set; }

    [Value(7, MetaName = "argument-5", HelpText = "and so on")]
    public string? Argument5 { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => SeccompCommand.Run(this, log);
}

/// <summary>
/// <c>hull seccomp explain SYSCALL [ARG…]</c>: which rule of a bundle's profile decides about a call, and what happens; and
/// <c>hull seccomp dump</c>: the program that the kernel gets, readable. Needs no privileges and changes nothing.
/// </summary>
internal static class SeccompCommand
{
    internal static int Run(SeccompOptions options, Log log)
    {
        Bundle bundle = Bundle.Read(options.Bundle, log);
        SpecPath path = Origins.Linux("seccomp", "").Path;
        Oci.Seccomp profile = bundle.Config.Linux?.Seccomp
            ?? throw new RuntimeError($"{bundle.Path}/config.json has no linux.seccomp: every system call is allowed");
        StandardStreams.WriteOut(options.Question switch
        {
            "explain" => Explain(options, profile, path),
            "dump" when options.Call is null => Dump(profile, path),
            "dump" => throw new RuntimeError("dump takes no arguments; see hull seccomp --help"),
            _ => throw new RuntimeError($"unknown question \"{options.Question}\": explain or dump; see hull seccomp --help"),
        });
        return ExitStatus.Success;
    }

    private static string Explain(SeccompOptions options, Oci.Seccomp profile, SpecPath path)
    {
        string call = options.Call ?? throw new RuntimeError("explain wants a system call; see hull seccomp --help");
        var arguments = new List<ulong>();
        foreach (string? argument in new[]
        {
            options.Argument0, options.Argument1, options.Argument2, options.Argument3, options.Argument4, options.Argument5,
        })
        {
            if (argument is not null)
            {
                arguments.Add(Number(argument));
            }
        }

        return new Explanation(profile, Architectures.Native, path).Text(call, [.. arguments]);
    }

    private static string Dump(Oci.Seccomp profile, SpecPath path) => ProgramText.Of(
        SeccompCompiler.Compile(profile, Architectures.Native, path),
        SeccompCompiler.ArchitecturesOf(profile.Architectures, Architectures.Native));

    private static ulong Number(string text)
    {
        bool isNumber = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (!isNumber && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long negative))
        {
            return unchecked((ulong)negative);
        }

        return isNumber ? value : throw new RuntimeError($"{text} is no number of 64 bits: write it decimal or as 0x...");
    }
}
