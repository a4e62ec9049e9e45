using System.Buffers.Binary;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// What CRIU tells of a dump or a restore in stats-dump and stats-restore: two magic numbers, a length, and a message (<c>stats_entry</c> of criu's
/// stats.proto). Times in microseconds.
/// </summary>
internal sealed record CriuStatistics
{
    private const uint ServiceMagic = 0x55105940, StatisticsMagic = 0x57093306;

    /// <summary>Until all processes stood still.</summary>
    public long Freezing { get; private set; }

    /// <summary>While all processes stood still.</summary>
    public long Frozen { get; private set; }

    public long MemoryDump { get; private set; }

    public long MemoryWrite { get; private set; }

    public long PagesScanned { get; private set; }

    public long PagesWritten { get; private set; }

    public long PagesRestored { get; private set; }

    /// <summary>Making the processes, at a restore.</summary>
    public long Forking { get; private set; }

    /// <summary>The whole of a restore.</summary>
    public long Restore { get; private set; }

    /// <summary>Reads the file; null when it is none.</summary>
    public static CriuStatistics? Read(ReadOnlySpan<byte> file)
    {
        const int header = 3 * sizeof(uint);
        if (file.Length < header || BinaryPrimitives.ReadUInt32LittleEndian(file) != ServiceMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(file[sizeof(uint)..]) != StatisticsMagic)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[(2 * sizeof(uint))..]);
        if (length > (uint)(file.Length - header))
        {
            return null;
        }

        var statistics = new CriuStatistics();
        try
        {
            var entry = new ProtobufReader(file.Slice(header, (int)length));
            while (entry.Next())
            {
                statistics.ReadEntry(entry.Field, entry.Message);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return statistics;
    }

    private void ReadEntry(int kind, ReadOnlySpan<byte> message)
    {
        const int dump = 1, restore = 2;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            long value = reader.Number;
            switch (kind, reader.Field)
            {
                case (dump, 1): Freezing = value; break;
                case (dump, 2): Frozen = value; break;
                case (dump, 3): MemoryDump = value; break;
                case (dump, 4): MemoryWrite = value; break;
                case (dump, 5): PagesScanned = value; break;
                case (dump, 7): PagesWritten = value; break;
                case (restore, 3): Forking = value; break;
                case (restore, 4): Restore = value; break;
                case (restore, 5): PagesRestored = value; break;
            }
        }
    }
}
