using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Looks at images before anything is started from them.</summary>
internal static class CheckpointVerification
{
    /// <summary>Verifies them as far as it is known what they were.</summary>
    /// <returns>What is known of them; null for nothing, as with images of other runtimes.</returns>
    /// <exception cref="RuntimeError">They are damaged, or none.</exception>
    public static Manifest? Verify(CheckpointDirectory images, RestoreRequest request, Bundle bundle, int version, Log log)
    {
        if (!images.HoldsImages)
        {
            throw new RuntimeError($"restore: there is no checkpoint in {CallerText.Printable(images.Path)}: inventory.img is missing")
            {
                Hint = "--image-path names the directory that checkpoint has written to",
            };
        }

        if (images.Distrust() is { } reason)
        {
            log.Warning($"restore: {CallerText.Printable(images.Path)}: {reason}, and images say what runs, with which privileges");
        }

        if (images.Read(Manifest.FileName) is not { } document)
        {
            log.Warning($"restore: the images in {CallerText.Printable(images.Path)} have no {Manifest.FileName}: whether they are whole is not known");
            return null;
        }

        Manifest manifest = Read(document, images);
        if (request.AutoDedup)
        {
            manifest = manifest with { Files = [.. manifest.Files.Select(file => file with { Digest = "" })] };
        }

        IReadOnlyList<string> differences = manifest.Differences(images.Images);
        if (differences.Count > 0)
        {
            throw new RuntimeError($"restore: the checkpoint in {CallerText.Printable(images.Path)} is damaged: {string.Join("; ", differences)}")
            {
                Hint = $"copy it again; without {Manifest.FileName} it is not verified",
            };
        }

        Compare(manifest, bundle, version, log);
        return manifest;
    }

    private static Manifest Read(byte[] document, CheckpointDirectory images)
    {
        try
        {
            return Manifest.Read(document);
        }
        catch (JsonException broken)
        {
            throw new RuntimeError($"restore: {CallerText.Printable(images.Path)}/{Manifest.FileName} is broken: {broken.Message}")
            {
                Hint = "without it the images are not verified",
            };
        }
    }

    /// <summary>What may be another on this host, and what follows from it.</summary>
    private static void Compare(Manifest manifest, Bundle bundle, int version, Log log)
    {
        string architecture = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (manifest.Architecture != architecture)
        {
            throw new RuntimeError($"restore: the checkpoint is of a program for {CallerText.Printable(manifest.Architecture)}, and this is {architecture}");
        }

        string[] missing = [.. manifest.ProcessorFlags.Except(ManifestMaker.ProcessorFlags())];
        if (missing.Length > 0)
        {
            log.Warning($"restore: this processor lacks what the checkpoint's had, and a program that uses it ends: {CallerText.Printable(string.Join(' ', missing))}");
        }

        if (Version(manifest.CriuVersion) > version)
        {
            log.Warning($"restore: the checkpoint is of CRIU {CallerText.Printable(manifest.CriuVersion)}, and this is {CriuProgram.VersionText(version)}");
        }

        if (HasOtherConfig(manifest, bundle))
        {
            log.Debug("restore: config.json is another than that of the checkpoint; it is the one of the bundle that holds");
            IReadOnlyList<string> loosened = RememberedLimits.Loosened(manifest.Limits, bundle.Config.Linux?.Resources);
            if (loosened.Count > 0)
            {
                log.Warning($"restore: config.json limits the container less than that of the checkpoint: {string.Join("; ", loosened)}");
            }
        }
    }

    /// <summary>The configuration is another than that of the checkpoint, or it is not known.</summary>
    public static bool HasOtherConfig(Manifest? manifest, Bundle bundle) => manifest is null || manifest.ConfigDigest != Manifest.DigestOf(bundle.Document);

    private static int Version(string text)
    {
        int[] parts = [.. text.Split('.').Select(part => int.TryParse(part, out int number) ? number : 0), 0, 0, 0];
        return (parts[0] * 10000) + (parts[1] * 100) + parts[2];
    }
}
