using System.Collections.Immutable;
using System.Text.Json;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The record as a file. Read and written member by member: <c>state</c>, <c>start</c>, <c>kill</c> and <c>delete</c> pay for it each
/// time, and a serializer's metadata would cost them more than the file.
/// </summary>
internal static class RecordDocument
{
    /// <summary>Its name in the container's directory.</summary>
    public const string FileName = "record.json";

    /// <summary>The bytes of a record.</summary>
    public static byte[] Write(ContainerRecord record)
    {
        var json = new JsonText(indented: false);
        json.Open('{');
        json.Member("format", ContainerRecord.CurrentFormat);
        json.Member("phase", record.Phase == RecordPhase.Complete ? "complete" : "intent");
        json.Member("id", record.Id);
        json.Member("ociVersion", record.OciVersion);
        json.Member("bundle", record.Bundle);
        json.Member("rootfs", record.Rootfs);
        json.Member("created", record.Created);
        json.Member("owner", record.OwnerUserId);
        json.Member("pid", record.Process.Pid);
        json.Member("startTime", record.Process.StartTime);
        json.Member("ownPidNamespace", record.OwnPidNamespace);

        // The name in records of every version so far: another one would hide containers that an earlier hull has made.
        json.Member("gate", record.StartSocket);
        json.Member("keepsKeyring", record.KeepsKeyring);
        WriteRare(json, record);
        json.Name("cgroups");
        json.Open('{');
        foreach (RecordedCgroup cgroup in record.Cgroups)
        {
            json.Member(cgroup.Directory, cgroup.MadeLevels);
        }

        json.Close('}');
        WriteResctrl(json, record.Resctrl);
        if (record.Exit is { } exit)
        {
            json.Name("exit");
            json.Open('{');
            Json.WriteMembers(json, exit);
            json.Close('}');
        }

        json.Name("annotations");
        json.Open('{');
        foreach ((string name, string value) in record.Annotations)
        {
            json.Member(name, value);
        }

        json.Close('}');
        json.Close('}');
        return json.ToUtf8();
    }

    /// <summary>Members that few containers have.</summary>
    private static void WriteRare(JsonText json, ContainerRecord record)
    {
        if (record.AsksAgent)
        {
            json.Member("asksAgent", true);
        }

        if (record.Checkpoint != CheckpointPhase.None)
        {
            json.Member("checkpoint", record.Checkpoint == CheckpointPhase.Begun ? "begun" : "saved");
        }

        if (record.RestoredClocks)
        {
            json.Member("restoredClocks", true);
        }

        if (record.Unit.Length > 0)
        {
            json.Member("unit", record.Unit);
            json.Member("unitOfUser", record.UnitOfUser);
        }

        if (!record.LiveMounts.IsEmpty)
        {
            json.Name("liveMounts");
            json.Open('{');
            foreach (LiveMount mount in record.LiveMounts)
            {
                json.Member(mount.Destination, mount.Mount);
            }

            json.Close('}');
        }
    }

    private static void WriteResctrl(JsonText json, ImmutableArray<string> directories)
    {
        // Hardly any container has them.
        if (directories.IsEmpty)
        {
            return;
        }

        json.Name("resctrl");
        json.Open('[');
        foreach (string directory in directories)
        {
            json.Value(directory);
        }

        json.Close(']');
    }

    /// <summary>A record from its bytes.</summary>
    /// <exception cref="JsonException">They are not a record of this format.</exception>
    public static ContainerRecord Read(ReadOnlySpan<byte> bytes)
    {
        var fields = default(Fields);
        ReadMembers(bytes, ref fields);
        return fields.ToRecord();
    }

    /// <summary>What a broken record says up to where it breaks: enough to remove what it names, not enough for anything else.</summary>
    /// <param name="id">The container's id; the record's own may be lost.</param>
    public static ContainerRecord Salvage(ReadOnlySpan<byte> bytes, string id)
    {
        var fields = default(Fields);
        try
        {
            ReadMembers(bytes, ref fields);
        }
        catch (JsonException)
        {
            // What has been read until here is what is left of it.
        }

        return fields.ToRemains(id);
    }

    private static void ReadMembers(ReadOnlySpan<byte> bytes, ref Fields fields)
    {
        var json = new Utf8JsonReader(bytes);
        try
        {
            Expect(ref json, JsonTokenType.StartObject);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref json, ref fields);
            }
        }
        catch (Exception broken) when (broken is InvalidOperationException or FormatException)
        {
            throw new JsonException("a value of the wrong kind", broken);
        }
    }

    private static void ReadMember(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.ValueTextEquals("cgroups"u8))
        {
            ReadCgroups(ref json, ref fields);
        }
        else if (json.ValueTextEquals("liveMounts"u8))
        {
            fields.LiveMounts = ReadLiveMounts(ref json);
        }
        else if (json.ValueTextEquals("resctrl"u8))
        {
            ReadResctrl(ref json, ref fields);
        }
        else if (json.ValueTextEquals("exit"u8))
        {
            fields.Exit = ReadExit(ref json);
        }
        else if (json.ValueTextEquals("annotations"u8))
        {
            fields.Annotations = ReadAnnotations(ref json);
        }
        else
        {
            string name = json.GetString()!;
            json.Read();
            ReadValue(ref json, name, ref fields);
        }
    }

    private static void ReadValue(ref Utf8JsonReader json, string name, ref Fields fields)
    {
        switch (name)
        {
            case "format": fields.Format = json.GetInt32(); break;
            case "phase": fields.Complete = json.ValueTextEquals("complete"u8); break;
            case "id": fields.Id = json.GetString(); break;
            case "ociVersion": fields.OciVersion = json.GetString(); break;
            case "bundle": fields.Bundle = json.GetString(); break;
            case "rootfs": fields.Rootfs = json.GetString(); break;
            case "created": fields.Created = json.GetString(); break;
            case "owner": fields.Owner = json.GetUInt32(); break;
            case "pid": fields.Pid = json.GetInt32(); break;
            case "startTime": fields.StartTime = json.GetUInt64(); break;
            case "ownPidNamespace": fields.OwnPidNamespace = json.GetBoolean(); break;
            case "gate": fields.StartSocket = json.GetBoolean(); break;
            case "unit": fields.Unit = json.GetString(); break;
            case "unitOfUser": fields.UnitOfUser = json.GetBoolean(); break;
            case "keepsKeyring": fields.KeepsKeyring = json.GetBoolean(); break;
            case "asksAgent": fields.AsksAgent = json.GetBoolean(); break;
            case "restoredClocks": fields.RestoredClocks = json.GetBoolean(); break;
            case "checkpoint": fields.Checkpoint = json.ValueTextEquals("begun"u8) ? CheckpointPhase.Begun : CheckpointPhase.Saved; break;
            default: json.Skip(); break;
        }
    }

    /// <summary>What stands before a break counts: those cgroups are there (<see cref="Salvage"/>).</summary>
    private static void ReadCgroups(ref Utf8JsonReader json, ref Fields fields)
    {
        var cgroups = ImmutableArray.CreateBuilder<RecordedCgroup>(12);
        try
        {
            Expect(ref json, JsonTokenType.StartObject);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string directory = json.GetString()!;
                json.Read();
                cgroups.Add(new RecordedCgroup(directory, json.GetInt32()));
            }
        }
        finally
        {
            fields.Cgroups = cgroups.ToImmutable();
        }
    }

    private static ContainerExit ReadExit(ref Utf8JsonReader json)
    {
        var exit = new ContainerExit { Status = 0, Time = "" };
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            exit = name switch
            {
                "status" => exit with { Status = json.GetInt32() },
                "signal" => exit with { Signal = json.GetInt32() },
                "time" => exit with { Time = json.GetString() ?? "" },
                "oomKilled" => exit with { OomKilled = json.GetBoolean() },
                "peakMemory" => exit with { PeakMemory = json.GetUInt64() },
                "cpuTime" => exit with { CpuTime = json.GetUInt64() },
                _ => Skip(ref json, exit),
            };
        }

        return exit;
    }

    private static ContainerExit Skip(ref Utf8JsonReader json, ContainerExit exit)
    {
        json.Skip();
        return exit;
    }

    private static void ReadResctrl(ref Utf8JsonReader json, ref Fields fields)
    {
        var directories = ImmutableArray.CreateBuilder<string>();
        try
        {
            Expect(ref json, JsonTokenType.StartArray);
            while (json.Read() && json.TokenType == JsonTokenType.String)
            {
                directories.Add(json.GetString()!);
            }
        }
        finally
        {
            fields.Resctrl = directories.ToImmutable();
        }
    }

    private static ImmutableArray<KeyValuePair<string, string>> ReadAnnotations(ref Utf8JsonReader json)
    {
        var annotations = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            annotations.Add(new KeyValuePair<string, string>(name, json.GetString() ?? ""));
        }

        return annotations.ToImmutable();
    }

    private static ImmutableArray<LiveMount> ReadLiveMounts(ref Utf8JsonReader json)
    {
        var mounts = ImmutableArray.CreateBuilder<LiveMount>();
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string destination = json.GetString()!;
            json.Read();
            mounts.Add(new LiveMount(destination, json.GetUInt64()));
        }

        return mounts.DrainToImmutable();
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (!json.Read() || json.TokenType != token)
        {
            throw new JsonException($"{token} expected at byte {json.TokenStartIndex}");
        }
    }

    private struct Fields
    {
        public int Format, Pid;
        public uint Owner;
        public ulong StartTime;
        public bool Complete, OwnPidNamespace, StartSocket, KeepsKeyring, UnitOfUser, AsksAgent, RestoredClocks;
        public CheckpointPhase Checkpoint;
        public string? Id, OciVersion, Bundle, Rootfs, Created, Unit;
        public ImmutableArray<RecordedCgroup> Cgroups;
        public ImmutableArray<string> Resctrl;
        public ImmutableArray<LiveMount> LiveMounts;
        public ContainerExit? Exit;
        public ImmutableArray<KeyValuePair<string, string>> Annotations;

        /// <summary>What there is of a record. Without a process to kill it is an intent: then its cgroups alone say which processes belong to it.</summary>
        public readonly ContainerRecord ToRemains(string id) =>
            Make(Pid > 0 && StartTime > 0 ? RecordPhase.Complete : RecordPhase.Intent, id);

        /// <summary>A record to rely on.</summary>
        public readonly ContainerRecord ToRecord()
        {
            if (Format != ContainerRecord.CurrentFormat)
            {
                throw new JsonException($"format {Format} is not format {ContainerRecord.CurrentFormat}, which this version of hull writes");
            }

            // A complete record names its process exactly: an unknown start time would make a live container look dead.
            if (Complete && (Pid <= 0 || StartTime == 0))
            {
                throw new JsonException("the container process is missing");
            }

            string? missing =
                Id is null ? "the id"
                : OciVersion is null ? "ociVersion"
                : Bundle is null ? "the bundle"
                : Rootfs is null ? "the rootfs"
                : Created is null ? "the time of creation"
                : Cgroups.IsDefault ? "the list of cgroups"
                : null;
            return missing is null
                ? Make(Complete ? RecordPhase.Complete : RecordPhase.Intent, Id!)
                : throw new JsonException($"{missing} is missing");
        }

        private readonly ContainerRecord Make(RecordPhase phase, string id) => new()
        {
            Phase = phase,
            Id = id,
            OciVersion = OciVersion ?? "",
            Bundle = Bundle ?? "/",
            Rootfs = Rootfs ?? "",
            Created = Created ?? "",
            OwnerUserId = Owner,
            Process = new ProcessIdentity(Pid, StartTime),
            OwnPidNamespace = OwnPidNamespace,
            StartSocket = StartSocket,
            Unit = Unit ?? "",
            UnitOfUser = UnitOfUser,
            KeepsKeyring = KeepsKeyring,
            AsksAgent = AsksAgent,
            Checkpoint = Checkpoint,
            RestoredClocks = RestoredClocks,
            Cgroups = Cgroups.IsDefault ? [] : Cgroups,
            Resctrl = Resctrl.IsDefault ? [] : Resctrl,
            LiveMounts = LiveMounts.IsDefault ? [] : LiveMounts,
            Exit = Exit,
            Annotations = Annotations.IsDefault ? [] : Annotations,
        };
    }
}
