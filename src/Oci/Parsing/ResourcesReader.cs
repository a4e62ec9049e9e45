namespace Hull.Oci;

/// <summary>Reads the limits of the cgroup.</summary>
internal static partial class ResourcesReader
{
    internal static Resources? ReadResources(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        IReadOnlyList<DeviceRule>? devices = null;
        MemoryResources? memory = null;
        CpuResources? cpu = null;
        BlockIoResources? blockIo = null;
        IReadOnlyList<HugepageLimit>? hugepageLimits = null;
        NetworkResources? network = null;
        PidsResources? pids = null;
        Map<RdmaLimit>? rdma = null;
        Map<string>? unified = null;
        while (reader.NextMember())
        {
            if (reader.Is("devices")) devices = reader.ReadList(ReadDeviceRule);
            else if (reader.Is("memory")) memory = ReadMemory(ref reader);
            else if (reader.Is("cpu")) cpu = ReadCpu(ref reader);
            else if (reader.Is("blockIO")) blockIo = ReadBlockIo(ref reader);
            else if (reader.Is("hugepageLimits")) hugepageLimits = reader.ReadList(ReadHugepageLimit);
            else if (reader.Is("network")) network = ReadNetwork(ref reader);
            else if (reader.Is("pids")) pids = ReadPids(ref reader);
            else if (reader.Is("rdma")) rdma = reader.ReadMap(ReadRdmaLimit);
            else if (reader.Is("unified")) unified = reader.ReadMap<string>(DocumentReader.ReadStringValue);
            else reader.SkipUnknown();
        }

        return new Resources
        {
            Devices = devices,
            Memory = memory,
            Cpu = cpu,
            BlockIo = blockIo,
            HugepageLimits = hugepageLimits,
            Network = network,
            Pids = pids,
            Rdma = rdma,
            Unified = unified,
        };
    }

    private static DeviceRule? ReadDeviceRule(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        bool? allow = null;
        DeviceRuleType? type = null;
        long? major = null, minor = null;
        string? access = null;
        while (reader.NextMember())
        {
            if (reader.Is("allow")) allow = reader.ReadBoolean();
            else if (reader.Is("type")) type = (DeviceRuleType?)reader.ReadName(SpecNames.DeviceRuleTypes, Rules.DeviceRuleIsValid);
            else if (reader.Is("major")) major = reader.ReadInt64();
            else if (reader.Is("minor")) minor = reader.ReadInt64();
            else if (reader.Is("access")) access = reader.ReadString();
            else reader.SkipUnknown();
        }

        if (allow is null)
        {
            reader.Missing(Rules.DeviceRuleIsValid, "allow");
            return null;
        }

        return new DeviceRule { Allow = allow.Value, Type = type, Major = major, Minor = minor, Access = access };
    }

    private static MemoryResources? ReadMemory(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        long? limit = null, reservation = null, swap = null, kernel = null, kernelTcp = null;
        ulong? swappiness = null;
        bool? disableOomKiller = null, useHierarchy = null, checkBeforeUpdate = null;
        while (reader.NextMember())
        {
            if (reader.Is("limit")) limit = reader.ReadInt64();
            else if (reader.Is("reservation")) reservation = reader.ReadInt64();
            else if (reader.Is("swap")) swap = reader.ReadInt64();
            else if (reader.Is("kernel")) kernel = reader.ReadInt64();
            else if (reader.Is("kernelTCP")) kernelTcp = reader.ReadInt64();
            else if (reader.Is("swappiness")) swappiness = reader.ReadUInt64();
            else if (reader.Is("disableOOMKiller")) disableOomKiller = reader.ReadBoolean();
            else if (reader.Is("useHierarchy")) useHierarchy = reader.ReadBoolean();
            else if (reader.Is("checkBeforeUpdate")) checkBeforeUpdate = reader.ReadBoolean();
            else reader.SkipUnknown();
        }

        return new MemoryResources
        {
            Limit = limit,
            Reservation = reservation,
            Swap = swap,
            Kernel = kernel,
            KernelTcp = kernelTcp,
            Swappiness = swappiness,
            DisableOomKiller = disableOomKiller,
            UseHierarchy = useHierarchy,
            CheckBeforeUpdate = checkBeforeUpdate,
        };
    }

    private static CpuResources? ReadCpu(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        ulong? shares = null, burst = null, period = null, realtimePeriod = null;
        long? quota = null, realtimeRuntime = null, idle = null;
        string? cpus = null, mems = null;
        while (reader.NextMember())
        {
            if (reader.Is("shares")) shares = reader.ReadUInt64();
            else if (reader.Is("quota")) quota = reader.ReadInt64();
            else if (reader.Is("burst")) burst = reader.ReadUInt64();
            else if (reader.Is("period")) period = reader.ReadUInt64();
            else if (reader.Is("realtimeRuntime")) realtimeRuntime = reader.ReadInt64();
            else if (reader.Is("realtimePeriod")) realtimePeriod = reader.ReadUInt64();
            else if (reader.Is("cpus")) cpus = reader.ReadString();
            else if (reader.Is("mems")) mems = reader.ReadString();
            else if (reader.Is("idle")) idle = reader.ReadInt64();
            else reader.SkipUnknown();
        }

        return new CpuResources
        {
            Shares = shares,
            Quota = quota,
            Burst = burst,
            Period = period,
            RealtimeRuntime = realtimeRuntime,
            RealtimePeriod = realtimePeriod,
            Cpus = cpus,
            Mems = mems,
            Idle = idle,
        };
    }

    private static PidsResources? ReadPids(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        long? limit = null;
        while (reader.NextMember())
        {
            if (reader.Is("limit")) limit = reader.ReadInt64();
            else reader.SkipUnknown();
        }

        return new PidsResources { Limit = limit };
    }
}
