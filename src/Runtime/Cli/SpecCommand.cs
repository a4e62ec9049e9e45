using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("spec", HelpText = "write a config.json to start from")]
[Example("", "write config.json here")]
[Example("--bundle /bundles/web --rootless", "for a user without privileges")]
internal sealed class SpecOptions : Command
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "where to write it; the current directory when absent")]
    public string? Bundle { get; set; }

    [Option("rootless", HelpText = "for a user without privileges")]
    public bool Rootless { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => SpecCommand.Run(this);
}

/// <summary><c>hull spec</c>: writes the default configuration into a bundle.</summary>
internal static class SpecCommand
{
    internal static int Run(SpecOptions options)
    {
        bool cgroupNamespace = HostProbe.ProbeCgroups().Layout == CgroupLayout.V2;
        Config config = options.Rootless
            ? DefaultConfig.CreateRootless(Credentials.EffectiveUserId(), Credentials.EffectiveGroupId(), cgroupNamespace)
            : DefaultConfig.Create(cgroupNamespace);
        using OwnedFd bundle = HostFiles.OpenDirectory(Fd.CurrentDirectory, Bundle.AbsolutePath(options.Bundle));
        if (HostFiles.Exists(bundle, "config.json"))
        {
            throw new RuntimeError("file config.json exists: remove it first");
        }

        HostFiles.ReplaceAtomically(bundle, "config.json", Json.Write(config), 0x1A4);
        return ExitStatus.Success;
    }
}
