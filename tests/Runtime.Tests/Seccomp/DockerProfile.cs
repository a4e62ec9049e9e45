using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>Docker's default profile as it stands in a container's config.json; read from beside the repository, never copied into it.</summary>
internal static class DockerProfile
{
    public static Oci.Seccomp Read() => Parse(File.ReadAllText(SharedData.File("", "seccomp-default-oci.json")));

    /// <summary>A profile as the document has it.</summary>
    public static Oci.Seccomp Parse(string seccomp)
    {
        var document = """{"ociVersion":"1.2.0","root":{"path":"rootfs"},"linux":{"seccomp":""" + seccomp + "}}";
        return ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes(document)).Value!.Linux!.Seccomp!;
    }
}
