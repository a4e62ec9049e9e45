using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hull.Runtime;

/// <summary>The lines that <c>events</c> prints: runc's members, in runc's order. Zeroes are left out where runc leaves them out.</summary>
internal static class EventDocument
{
    private static JsonWriterOptions Options => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The container ran out of memory.</summary>
    public static string OutOfMemory(string id) => Line("oom", id, null);

    /// <summary>What it uses now.</summary>
    public static string Statistics(string id, ContainerStatistics statistics) => Line("stats", id, statistics);

    private static string Line(string type, string id, ContainerStatistics? data)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("id", id);
            if (data is not null)
            {
                json.WriteStartObject("data");
                Write(json, data);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, ContainerStatistics data)
    {
        Write(json, data.Cpu);
        Write(json, data.Cpuset);
        Write(json, data.Memory);
        json.WriteStartObject("pids");
        Positive(json, "current", data.Pids.Current);
        Positive(json, "limit", data.Pids.Limit);
        json.WriteEndObject();
        Write(json, data.Block);
        json.WriteStartObject("hugetlb");
        foreach ((string size, ulong usage, ulong peak, ulong failures) in data.Hugetlb)
        {
            json.WriteStartObject(size);
            Positive(json, "usage", usage);
            Positive(json, "max", peak);
            json.WriteNumber("failcnt", failures);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        Write(json, data.IntelRdt);

        // Interfaces on the host's side: a runtime makes none, engines do.
        json.WriteNull("network_interfaces");
        Write(json, data.Rdma);
    }

    private static void Write(Utf8JsonWriter json, CpuStatistics cpu)
    {
        json.WriteStartObject("cpu");
        json.WriteStartObject("usage");
        Positive(json, "total", cpu.Total);
        List(json, "percpu", cpu.PerProcessor);
        List(json, "percpu_kernel", cpu.PerProcessorKernel);
        List(json, "percpu_user", cpu.PerProcessorUser);
        json.WriteNumber("kernel", cpu.Kernel);
        json.WriteNumber("user", cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling");
        Positive(json, "periods", cpu.Throttling.Periods);
        Positive(json, "throttledPeriods", cpu.Throttling.Throttled);
        Positive(json, "throttledTime", cpu.Throttling.Time);
        json.WriteEndObject();
        Write(json, cpu.Pressure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CpusetStatistics cpuset)
    {
        json.WriteStartObject("cpuset");
        List(json, "cpus", cpuset.Cpus.Select(cpu => (ulong)cpu));
        string[] names = CpusetStatistics.FlagFiles;
        for (int i = 0; i < names.Length; i++)
        {
            json.WriteNumber(names[i], cpuset.Flags[i]);
            if (i == 0)
            {
                List(json, "mems", cpuset.Mems.Select(node => (ulong)node));
            }
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MemoryStatistics memory)
    {
        json.WriteStartObject("memory");
        Positive(json, "cache", memory.Cache);
        Write(json, "usage", memory.Usage);
        Write(json, "swap", memory.Swap);
        Write(json, "kernel", memory.Kernel);
        Write(json, "kernelTCP", memory.KernelTcp);
        Pairs(json, "raw", memory.Raw);
        Write(json, memory.Pressure);
        Pairs(json, "event_count", memory.Events);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, MemoryAccount account)
    {
        json.WriteStartObject(name);
        json.WriteNumber("limit", account.Limit);
        Positive(json, "usage", account.Usage);
        Positive(json, "max", account.Peak);
        json.WriteNumber("failcnt", account.Failures);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BlockStatistics block)
    {
        json.WriteStartObject("blkio");
        for (int i = 0; i < block.Tables.Count; i++)
        {
            if (block.Tables[i].Count == 0)
            {
                continue;
            }

            json.WriteStartArray(BlockStatistics.TableNames[i].Member);
            foreach (BlockEntry entry in block.Tables[i])
            {
                json.WriteStartObject();
                Positive(json, "major", entry.Major);
                Positive(json, "minor", entry.Minor);
                if (entry.Operation.Length > 0)
                {
                    json.WriteString("op", entry.Operation);
                }

                Positive(json, "value", entry.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Write(json, block.Pressure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Pressure? pressure)
    {
        if (pressure is null)
        {
            return;
        }

        json.WriteStartObject("psi");
        foreach ((string name, PressureLine line) in (ReadOnlySpan<(string, PressureLine)>)[("some", pressure.Some), ("full", pressure.Full)])
        {
            json.WriteStartObject(name);
            json.WriteNumber("avg10", line.Average10);
            json.WriteNumber("avg60", line.Average60);
            json.WriteNumber("avg300", line.Average300);
            json.WriteNumber("total", line.Total);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IntelRdtStatistics rdt)
    {
        json.WriteStartObject("intel_rdt");
        if (rdt.CacheInfo is { } cache)
        {
            json.WriteStartObject("l3_cache_info");
            json.WriteString("cbm_mask", cache.Mask);
            Positive(json, "min_cbm_bits", cache.MinimumBits);
            Positive(json, "num_closids", cache.Groups);
            json.WriteEndObject();
        }

        Text(json, "l3_cache_schema_root", rdt.CacheSchemaRoot);
        Text(json, "l3_cache_schema", rdt.CacheSchema);
        if (rdt.BandwidthInfo is { } bandwidth)
        {
            json.WriteStartObject("mem_bw_info");
            Positive(json, "bandwidth_gran", bandwidth.Granularity);
            Positive(json, "delay_linear", bandwidth.Linear);
            Positive(json, "min_bandwidth", bandwidth.Minimum);
            Positive(json, "num_closids", bandwidth.Groups);
            json.WriteEndObject();
        }

        Text(json, "mem_bw_schema_root", rdt.BandwidthSchemaRoot);
        Text(json, "mem_bw_schema", rdt.BandwidthSchema);
        if (rdt.Bandwidth.Count > 0)
        {
            Objects(json, "mbm_stats", rdt.Bandwidth.Select(domain => ((string, ulong)[])[("mbm_total_bytes", domain.Total), ("mbm_local_bytes", domain.Local)]));
        }

        if (rdt.Occupancy.Count > 0)
        {
            Objects(json, "cmt_stats", rdt.Occupancy.Select(occupancy => ((string, ulong)[])[("llc_occupancy", occupancy)]));
        }

        json.WriteEndObject();
    }

    /// <summary>Not of runc's document: only containers that have such devices get it.</summary>
    private static void Write(Utf8JsonWriter json, RdmaStatistics rdma)
    {
        if (rdma.Current.Count + rdma.Limit.Count == 0)
        {
            return;
        }

        json.WriteStartObject("rdma");
        foreach ((string name, IReadOnlyList<RdmaEntry> entries) in (ReadOnlySpan<(string, IReadOnlyList<RdmaEntry>)>)[("current", rdma.Current), ("limit", rdma.Limit)])
        {
            json.WriteStartArray(name);
            foreach (RdmaEntry entry in entries)
            {
                json.WriteStartObject();
                json.WriteString("device", entry.Device);
                json.WriteNumber("hca_handles", entry.Handles);
                json.WriteNumber("hca_objects", entry.Objects);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Objects(Utf8JsonWriter json, string name, IEnumerable<(string Name, ulong Value)[]> objects)
    {
        json.WriteStartArray(name);
        foreach ((string, ulong)[] members in objects)
        {
            json.WriteStartObject();
            foreach ((string member, ulong value) in members)
            {
                json.WriteNumber(member, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Pairs(Utf8JsonWriter json, string name, IReadOnlyList<(string Name, ulong Value)> pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach ((string member, ulong value) in pairs)
        {
            json.WriteNumber(member, value);
        }

        json.WriteEndObject();
    }

    private static void List(Utf8JsonWriter json, string name, IEnumerable<ulong> numbers)
    {
        ulong[] all = [.. numbers];
        if (all.Length == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (ulong number in all)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void Positive(Utf8JsonWriter json, string name, ulong value)
    {
        if (value > 0)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
