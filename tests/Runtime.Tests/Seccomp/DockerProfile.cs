using Hull.Oci;
using Hull.Skipping;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>Docker's default profile as it stands in a container's config.json; read from beside the repository, never copied into it.</summary>
internal static class DockerProfile
{
    public static Oci.Seccomp Read()
    {
        var file = Find();
        Skip.Unless(file is not null, "needs shared/data/seccomp-default-oci.json beside the repository");
        return Parse(File.ReadAllText(file!));
    }

    /// <summary>A profile as the document has it.</summary>
    public static Oci.Seccomp Parse(string seccomp)
    {
        var document = """{"ociVersion":"1.2.0","root":{"path":"rootfs"},"linux":{"seccomp":""" + seccomp + "}}";
        return ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes(document)).Value!.Linux!.Seccomp!;
    }

    private static string? Find()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            var file = Path.Combine(directory, "shared/data/seccomp-default-oci.json");
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
