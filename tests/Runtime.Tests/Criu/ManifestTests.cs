using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime.Tests.Criu;

/// <summary>The manifest of a checkpoint, and what it finds.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hull-manifest-").FullName;

    public ManifestTests()
    {
        File.WriteAllText(Path.Combine(_directory, "core-1.img"), "core");
        File.WriteAllText(Path.Combine(_directory, "pages-1.img"), new string('p', 3_000_000));
        File.WriteAllText(Path.Combine(_directory, "dump.log"), "log");
        File.WriteAllText(Path.Combine(_directory, "stats-dump"), "statistics");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_written_comes_back()
    {
        Manifest manifest = Taken();

        Manifest read = Manifest.Read(manifest.Write());

        read.Write().Should().Equal(manifest.Write());
        read.Files.Select(file => file.Name).Should().Equal("core-1.img", "pages-1.img");
        read.ExternalMounts.Should().Equal("/data", "/dev/null");
    }

    [Fact]
    public void Images_that_are_as_they_were_do_not_differ()
    {
        Manifest manifest = Taken();
        File.WriteAllText(Path.Combine(_directory, "dump.log"), "another log");
        File.WriteAllText(Path.Combine(_directory, "config.dump"), "an engine's own");

        Differences(manifest).Should().BeEmpty();
    }

    [Fact]
    public void Every_kind_of_damage_is_named()
    {
        Manifest manifest = Taken();
        string pages = Path.Combine(_directory, "pages-1.img");

        byte[] content = File.ReadAllBytes(pages);
        content[2_000_000] ^= 1;
        File.WriteAllBytes(pages, content);
        Differences(manifest).Should().Equal("the content of pages-1.img has changed");

        File.WriteAllBytes(pages, content[..88]);
        Differences(manifest).Should().Equal("pages-1.img has 88 bytes, it had 3000000");

        File.Delete(pages);
        File.CreateSymbolicLink(pages, "/etc/passwd");
        Differences(manifest).Should().Equal("pages-1.img is missing");
    }

    [Fact]
    public void Without_digests_only_sizes_count()
    {
        Manifest manifest = Taken(digests: false);
        File.WriteAllText(Path.Combine(_directory, "core-1.img"), "CORE");

        Differences(manifest).Should().BeEmpty();
    }

    [Fact]
    public void A_manifest_from_elsewhere_does_not_lead_out_of_the_directory()
    {
        Manifest manifest = Taken() with { Files = [new ManifestFile("../../etc/passwd", 1, ""), new ManifestFile("..", 1, "")] };

        Differences(manifest).Should().HaveCount(2).And.OnlyContain(text => text.EndsWith("is missing"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":1,\"id\":7}")]
    [InlineData("no JSON")]
    public void What_is_no_manifest_of_this_format_is_refused(string text)
    {
        FluentActions.Invoking(() => Manifest.Read(System.Text.Encoding.UTF8.GetBytes(text))).Should().Throw<JsonException>();
    }

    [Fact]
    public void Descriptors_are_written_as_runc_writes_them_and_pipes_are_found_again()
    {
        byte[] document = ContainerDescriptors.Write(["/dev/null", "pipe:[41]", "pipe:[42]"]);

        System.Text.Encoding.UTF8.GetString(document).Should().Be("[\"/dev/null\",\"pipe:[41]\",\"pipe:[42]\"]");
        ContainerDescriptors.Inherited(ContainerDescriptors.Read(document)!.Value)
            .Should().Equal(new InheritedDescriptor("pipe:[41]", 1), new InheritedDescriptor("pipe:[42]", 2));
        ContainerDescriptors.Read("{}"u8).Should().BeNull();
        ContainerDescriptors.Read("[1"u8).Should().BeNull();
    }

    private Manifest Taken(bool digests = true)
    {
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, _directory);
        return new Manifest
        {
            Id = "web",
            Created = "2026-11-30T08:00:00.000000000Z",
            HullVersion = "0.1.0",
            CriuVersion = "4.2.1",
            Kernel = "6.18.44",
            Architecture = "x64",
            Processor = "a processor",
            ProcessorFlags = ["fpu", "avx2"],
            ConfigDigest = Manifest.DigestOf("{}"u8),
            ExternalMounts = ["/data", "/dev/null"],
            Files = Manifest.Survey(directory, digests),
        };
    }

    private IReadOnlyList<string> Differences(Manifest manifest)
    {
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, _directory);
        return manifest.Differences(directory);
    }
}
