using System.Buffers.Binary;

namespace Hull.Runtime;

/// <summary>
/// cgroup.img: the cgroups that an image brings along. One of another runtime, or of an earlier hull, may have those of other containers of its host
/// (<see cref="CgroupYard"/>); CRIU would make them, so it is told to leave cgroups alone. criu images/cgroup.proto
/// </summary>
internal static class CgroupImage
{
    public const string FileName = "cgroup.img";

    /// <summary>What CRIU may do with cgroups at a restore.</summary>
    /// <param name="asked">What the caller wants.</param>
    /// <param name="file">The image; empty when there is none.</param>
    /// <param name="others">The hierarchies of which it has cgroups of others.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static CriuCgroupMode ModeFor(CriuCgroupMode asked, ReadOnlySpan<byte> file, out IReadOnlyList<string> others)
    {
        List<Top> tops = Tops(file);

        // The container is at the same path in each hierarchy of its own.
        string own = tops.Where(top => top.Path.Length > 0).GroupBy(top => top.Path).MaxBy(group => group.Count())?.Key ?? "";
        others = [.. tops.Where(top => top.HasChildren && (top.Path.Length == 0 || top.Path != own)).Select(top => top.Controllers).Distinct()];

        // Taken with "ignore" it has places of processes and no cgroups, and CRIU would look for the old ones.
        bool leave = others.Count > 0 || tops.Exists(top => top.IsMissing);
        return leave ? CriuCgroupMode.Ignore : asked;
    }

    private static List<Top> Tops(ReadOnlySpan<byte> file)
    {
        const int controllers = 2, names = 1, directories = 2, magicNumbers = 2;
        var tops = new List<Top>();
        var entry = new ProtobufReader(Payload(file, magicNumbers));
        while (entry.Next())
        {
            if (entry.Field != controllers)
            {
                continue;
            }

            var found = new List<string>();
            int before = tops.Count;
            var controller = new ProtobufReader(entry.Message);
            while (controller.Next())
            {
                switch (controller.Field)
                {
                    case names: found.Add(controller.Text.Length == 0 ? "cgroup2" : controller.Text); break;
                    case directories: tops.Add(Read(controller.Message, string.Join(',', found))); break;
                }
            }

            if (tops.Count == before)
            {
                tops.Add(new Top(string.Join(',', found), "", HasChildren: false, IsMissing: true));
            }
        }

        return tops;
    }

    private static Top Read(ReadOnlySpan<byte> directory, string controllers)
    {
        const int name = 1, children = 2;
        (string path, bool hasChildren) = ("", false);
        var reader = new ProtobufReader(directory);
        while (reader.Next())
        {
            path = reader.Field == name ? reader.Text : path;
            hasChildren |= reader.Field == children;
        }

        return new Top(controllers, path, hasChildren, IsMissing: false);
    }

    /// <summary>Two magic numbers and a length precede the message.</summary>
    private static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> file, int magicNumbers)
    {
        int header = (magicNumbers + 1) * sizeof(uint);
        if (file.Length < header)
        {
            return default;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[(header - sizeof(uint))..]);
        return length <= (uint)(file.Length - header) ? file.Slice(header, (int)length) : throw new InvalidDataException("the message is cut off");
    }

    /// <summary>Where what an image has of a hierarchy begins.</summary>
    private readonly record struct Top(string Controllers, string Path, bool HasChildren, bool IsMissing);
}
