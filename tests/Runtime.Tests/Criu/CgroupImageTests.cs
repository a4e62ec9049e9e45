using System.Buffers.Binary;

namespace Hull.Runtime.Tests.Criu;

/// <summary>What the cgroups of an image make of a restore.</summary>
public sealed class CgroupImageTests
{
    [Fact]
    public void The_containers_own_cgroups_come_back_as_asked()
    {
        Mode([("pids", "web", 2), ("cpu", "web", 0), ("net_cls", "", 0), ("", "web", 0)]).Should().Be((CriuCgroupMode.Full, ""));
        Mode([]).Should().Be((CriuCgroupMode.Full, ""));
    }

    [Fact]
    public void Cgroups_of_others_are_never_made() =>
        Mode([("pids", "web", 0), ("net_cls", "", 3), ("memory", "web", 0), ("perf_event", "engine", 1)]).Should().Be((CriuCgroupMode.Ignore, "net_cls perf_event"));

    [Fact]
    public void A_container_of_the_hosts_own_cgroup_has_none() => Mode([("pids", "", 4), ("cpu", "", 4)]).Should().Be((CriuCgroupMode.Ignore, "pids cpu"));

    [Fact]
    public void An_image_without_cgroups_has_none_to_come_back() => Mode([("pids", null, 0)]).Should().Be((CriuCgroupMode.Ignore, ""));

    [Fact]
    public void A_file_that_is_cut_off_is_an_error()
    {
        byte[] image = Image([("pids", "web", 0)]);
        ((Action)(() => CgroupImage.ModeFor(CriuCgroupMode.Soft, image.AsSpan(0, image.Length - 3), out _))).Should().Throw<InvalidDataException>();
    }

    private static (CriuCgroupMode Mode, string Others) Mode((string Controller, string? Path, int Children)[] controllers)
    {
        CriuCgroupMode mode = CgroupImage.ModeFor(CriuCgroupMode.Full, controllers.Length == 0 ? [] : Image(controllers), out IReadOnlyList<string> others);
        return (mode, string.Join(' ', others));
    }

    private static byte[] Image((string Controller, string? Path, int Children)[] controllers)
    {
        var writer = new ProtobufWriter();
        foreach ((string controller, string? path, int children) in controllers)
        {
            writer.Message(2, entry =>
            {
                entry.Text(1, controller);
                if (path is not null)
                {
                    entry.Message(2, directory =>
                    {
                        directory.Text(1, path);
                        Enumerable.Range(0, children).ToList().ForEach(number => directory.Message(2, child => child.Text(1, $"other{number}")));
                    });
                }
            });
        }

        byte[] message = writer.ToBytes();
        byte[] file = new byte[12 + message.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(file, 0x54564319);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 0x59383330);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), message.Length);
        message.CopyTo(file, 12);
        return file;
    }
}
