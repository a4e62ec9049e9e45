namespace Hull.Runtime;

/// <summary>What a message of CRIU is about. <c>enum criu_req_type</c>, criu rpc.proto</summary>
internal enum CriuMessageType
{
    Empty = 0,
    Dump = 1,
    Restore = 2,
    Check = 3,
    PreDump = 4,
    Notify = 6,
    FeatureCheck = 9,
    Version = 10,
}

/// <summary>The requests: <c>criu_req</c> of criu's rpc.proto.</summary>
internal static class CriuRequest
{
    /// <summary>The pages of a process that were written can be found: earlier images can be built on.</summary>
    internal const int MemoryTracking = 1;

    /// <summary>Pages can be brought later.</summary>
    internal const int LazyPages = 2;

    /// <summary>Asks for a version.</summary>
    public static byte[] Version() => Of(CriuMessageType.Version);

    /// <summary>Asks whether CRIU works on this kernel.</summary>
    public static byte[] Check() => Of(CriuMessageType.Check);

    /// <summary>Asks which features the kernel has.</summary>
    public static byte[] Features() => Of(CriuMessageType.FeatureCheck, request => request.Message(5, features =>
    {
        features.Flag(MemoryTracking, true);
        features.Flag(LazyPages, true);
    }));

    /// <summary>Asks for a dump or a restore.</summary>
    public static byte[] Of(CriuMessageType type, CriuOptions options) => Of(type, request => request.Message(2, options.Write));

    /// <summary>Answers a notification.</summary>
    public static byte[] Notified(bool success) => Of(CriuMessageType.Notify, request => request.Number(3, success ? 1 : 0));

    private static byte[] Of(CriuMessageType type, Action<ProtobufWriter>? write = null)
    {
        var request = new ProtobufWriter();
        request.Number(1, (long)type);
        write?.Invoke(request);
        return request.ToBytes();
    }
}

/// <summary>An answer or a notification: <c>criu_resp</c> of criu's rpc.proto.</summary>
internal sealed record CriuResponse
{
    public CriuMessageType Type { get; private set; }

    public bool Success { get; private set; }

    /// <summary>The restored first process, as this pid namespace numbers it.</summary>
    public int RestoredPid { get; private set; }

    /// <summary>What is notified: <c>post-dump</c>; empty when nothing is.</summary>
    public string Script { get; private set; } = "";

    /// <summary>The process that a notification is about.</summary>
    public int NotifiedPid { get; private set; }

    /// <summary>An errno, or 0.</summary>
    public int Errno { get; private set; }

    /// <summary>The first line of the log that is an error: also when it was harmless.</summary>
    public string FirstError { get; private set; } = "";

    public bool HasMemoryTracking { get; private set; }

    public bool HasLazyPages { get; private set; }

    /// <summary>CRIU's version as one number: 4.2.1 is 40201.</summary>
    public int Version { get; private set; }

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is cut off, or no message at all.</exception>
    public static CriuResponse Read(ReadOnlySpan<byte> message)
    {
        var response = new CriuResponse();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: response.Type = (CriuMessageType)reader.Int32; break;
                case 2: response.Success = reader.Flag; break;
                case 4: response.ReadRestored(reader.Message); break;
                case 5: response.ReadNotification(reader.Message); break;
                case 7: response.Errno = reader.Int32; break;
                case 8: response.ReadFeatures(reader.Message); break;
                case 9: response.FirstError = reader.Text; break;
                case 10: response.ReadVersion(reader.Message); break;
            }
        }

        return response;
    }

    private void ReadRestored(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            RestoredPid = reader.Field == 1 ? reader.Int32 : RestoredPid;
        }
    }

    private void ReadNotification(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            Script = reader.Field == 1 ? reader.Text : Script;
            NotifiedPid = reader.Field == 2 ? reader.Int32 : NotifiedPid;
        }
    }

    private void ReadFeatures(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            HasMemoryTracking |= reader.Field == CriuRequest.MemoryTracking && reader.Flag;
            HasLazyPages |= reader.Field == CriuRequest.LazyPages && reader.Flag;
        }
    }

    private void ReadVersion(ReadOnlySpan<byte> message)
    {
        const int major = 10000, minor = 100;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            Version += reader.Field switch { 1 => reader.Int32 * major, 2 => reader.Int32 * minor, 4 => reader.Int32, _ => 0 };
        }
    }
}
