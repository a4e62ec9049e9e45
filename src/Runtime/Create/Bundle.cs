using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A bundle: a directory with a configuration that keeps every rule (BND-01).</summary>
/// <param name="Path">Its absolute path, without <c>.</c> and <c>..</c>.</param>
/// <param name="Document">config.json, byte for byte.</param>
/// <param name="Config">What it says.</param>
internal sealed record Bundle(string Path, byte[] Document, Config Config)
{
    /// <summary>The name of the configuration in the bundle (BND-01).</summary>
    public const string FileName = "config.json";

    /// <summary>Reads a bundle.</summary>
    /// <param name="path">Its directory; null or empty for the current one (BND-03).</param>
    /// <param name="log">For what is odd but allowed.</param>
    /// <param name="file">The name of its configuration, where it is not the bundle's own; an absolute path for one that is not in the bundle.</param>
    /// <exception cref="RuntimeError">There is none, or its configuration is broken or breaks a rule; all of them are named.</exception>
    public static Bundle Read(string? path, Log log, string file = FileName)
    {
        string absolute = AbsolutePath(path);
        byte[] document = ReadDocument(absolute, file);
        Inspection inspection = Inspection.Of(document);
        DocumentFaults.Report(inspection.Warnings, log);
        return inspection.Violations.IsEmpty
            ? new Bundle(absolute, document, inspection.Config!)
            : throw DocumentFaults.Refuse(file.StartsWith('/') ? file : $"{absolute}/{file}", inspection.Violations);
    }

    /// <summary>The absolute path, by letter: symbolic links stay, as engines compare it with what they gave.</summary>
    public static string AbsolutePath(string? path)
    {
        string whole = string.IsNullOrEmpty(path) ? "." : path;
        if (!whole.StartsWith('/'))
        {
            Span<byte> buffer = stackalloc byte[4096];
            nint length = Files.CurrentDirectory(buffer).OrThrow("getcwd: the current directory is gone");
            string current = System.Text.Encoding.UTF8.GetString(buffer[..(int)(length - 1)]);
            whole = current + "/" + whole;
        }

        return "/" + Linux.RootfsPath.Parse(whole).ToString().TrimStart('/');
    }

    /// <summary>The bytes of a bundle's config.json.</summary>
    /// <param name="bundle">Its absolute path.</param>
    /// <param name="file">The name of the file, or an absolute path.</param>
    public static byte[] ReadDocument(string bundle, string file = FileName)
    {
        try
        {
            return HostFiles.ReadAll(Fd.CurrentDirectory, file.StartsWith('/') ? file : bundle + "/" + file);
        }
        catch (KernelException failure) when (file.StartsWith('/'))
        {
            throw new RuntimeError($"configuration {file}: {failure.Call}", failure.Errno);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"bundle {bundle}: {failure.Call}", failure.Errno)
            {
                Hint = failure.Errno == Errno.ENOENT ? "a bundle is a directory with a config.json: name it with --bundle, or make one with hull spec" : null,
            };
        }
    }
}
