using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

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
