using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("seccomp", HelpText = "say what a bundle's filter of system calls does: explain SYSCALL [ARG...], or dump; resolve PROFILE makes one of an engine's")]
[Example("explain clone 0x10000000", "what happens to a call with a known argument, and which rule says so")]
[Example("dump", "the whole filter, readable")]
[Example("resolve default.json --bundle /bundles/web", "linux.seccomp for that bundle, of a profile that Docker or Podman keeps")]
internal sealed class SeccompOptions : Command
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option("profile", MetaValue = "FILE", HelpText = "ask about the profile in this file instead of the bundle's; an engine's needs resolve first")]
    public string? Profile { get; set; }

    [Option('f', "format", MetaValue = "text|json", HelpText = "how to say what explain and dump find")]
    public TextFormat Format { get; set; }

    [Value(0, MetaName = "explain|dump|resolve", Required = true, HelpText = "explain: which rule decides about a call, and what happens; dump: the program, readable; resolve: the specification's form of an engine's profile")]
    public string Question { get; set; } = "";

    [Value(1, MetaName = "syscall", HelpText = "explain: the call, by name or number; resolve: the file of the profile")]
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
/// <c>hull seccomp explain SYSCALL [ARG…]</c>: which rule of a bundle's profile decides about a call, and what happens;;
/// <c>hull seccomp dump</c>: the program that the kernel gets, readable; and <c>hull seccomp resolve PROFILE</c>: the specification's form of a
/// profile that an engine keeps. Needs no privileges and changes nothing.
/// </summary>
internal static class SeccompCommand
{
    internal static int Run(SeccompOptions options, Log log)
    {
        if (options.Question == "resolve")
        {
            StandardStreams.WriteOut(Resolve(options, Bundle.Read(options.Bundle, log)));
            return ExitStatus.Success;
        }

        (Oci.Seccomp profile, SpecPath path) = Profile(options, log);
        StandardStreams.WriteOut(options.Question switch
        {
            "explain" => Explain(options, profile, path),
            "dump" when options.Call is null => Dump(options, profile, path),
            "dump" => throw new RuntimeError("dump takes no arguments; see hull seccomp --help"),
            _ => throw new RuntimeError($"unknown question \"{options.Question}\": explain, dump or resolve; see hull seccomp --help"),
        });
        return ExitStatus.Success;
    }

    /// <summary>The profile that is asked about, and where it is in its document.</summary>
    private static (Oci.Seccomp Profile, SpecPath Path) Profile(SeccompOptions options, Log log)
    {
        if (options.Profile is { } file)
        {
            Oci.Seccomp profile = ReadProfile(file);
            if (profile.IsOfAnEngine())
            {
                throw new RuntimeError($"{file} is an engine's profile, whose rules have conditions: hull seccomp resolve {file} --bundle DIR makes one for a bundle of it");
            }

            ImmutableArray<Violation> violations = Validator.Validate(profile);
            return violations.IsEmpty ? (profile, SpecPath.Root) : throw DocumentFaults.Refuse(file, violations);
        }

        Bundle bundle = Bundle.Read(options.Bundle, log);
        return bundle.Config.Linux?.Seccomp is { } own
            ? (own, Origins.Linux("seccomp", "").Path)
            : throw new RuntimeError($"{bundle.Path}/config.json has no linux.seccomp: every system call is allowed");
    }

    /// <summary>A profile from a file of its own.</summary>
    private static Oci.Seccomp ReadProfile(string file)
    {
        byte[] document;
        try
        {
            document = HostFiles.ReadAll(Fd.CurrentDirectory, file);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"profile {file}: {failure.Call}", failure.Errno);
        }

        ParseResult<Oci.Seccomp> parsed = SeccompDocument.Parse(document);
        return parsed.Value ?? throw DocumentFaults.Refuse(file, parsed.Violations);
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

        var explanation = new Explanation(profile, Architectures.Native, path);
        return options.Format == TextFormat.Json ? explanation.Json(call, [.. arguments]) : explanation.Text(call, [.. arguments]);
    }

    /// <summary>For the bundle's capabilities, this processor and this kernel.</summary>
    private static string Resolve(SeccompOptions options, Bundle bundle)
    {
        string file = options.Call ?? throw new RuntimeError("resolve wants the file of a profile; see hull seccomp --help");
        Oci.Seccomp profile = ReadProfile(file);
        KernelVersion kernel = KernelVersion.Parse(HostFiles.ReadAll(Fd.CurrentDirectory, "/proc/sys/kernel/osrelease"));
        var container = new EngineProfile(bundle.Config.Process?.Capabilities?.Bounding ?? [], Architectures.Native, kernel);
        return Encoding.UTF8.GetString(Json.Write(container.Resolve(profile))) + "\n";
    }

    private static string Dump(SeccompOptions options, Oci.Seccomp profile, SpecPath path)
    {
        SeccompProgram program = SeccompCompiler.Compile(profile, Architectures.Native, path);
        List<SeccompArchitecture> architectures = SeccompCompiler.ArchitecturesOf(profile.Architectures, Architectures.Native);
        return options.Format == TextFormat.Json ? ProgramText.Json(program, architectures) : ProgramText.Of(program, architectures);
    }

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
