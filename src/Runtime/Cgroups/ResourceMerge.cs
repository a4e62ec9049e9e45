using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Changes of <c>linux.resources</c> laid over those that a container has. What is absent, empty or, where the specification says so,
/// zero changes nothing: engines send whole documents of zeros.
/// </summary>
internal static class ResourceMerge
{
    /// <summary>The resources after the change.</summary>
    public static Resources Apply(Resources kept, Resources change) => new()
    {
        Devices = change.Devices is { Count: > 0 } ? change.Devices : kept.Devices,
        Memory = Apply(kept.Memory, change.Memory),
        Cpu = Apply(kept.Cpu, change.Cpu),
        BlockIo = Apply(kept.BlockIo, change.BlockIo),
        HugepageLimits = Apply(kept.HugepageLimits, change.HugepageLimits, limit => limit.PageSize),
        Network = Apply(kept.Network, change.Network),
        Pids = change.Pids?.Limit is null ? kept.Pids : change.Pids,
        Rdma = Apply(kept.Rdma, change.Rdma),
        Unified = Apply(kept.Unified, change.Unified),
    };

    private static MemoryResources? Apply(MemoryResources? kept, MemoryResources? change)
    {
        if (change is null)
        {
            return kept;
        }

        kept ??= new MemoryResources();
        return new MemoryResources
        {
            Limit = Set(change.Limit) ?? kept.Limit,
            Reservation = Set(change.Reservation) ?? kept.Reservation,
            Swap = Set(SwapOf(change)) ?? kept.Swap,
            KernelTcp = Set(change.KernelTcp) ?? kept.KernelTcp,
            Swappiness = change.Swappiness ?? kept.Swappiness,
            DisableOomKiller = change.DisableOomKiller ?? kept.DisableOomKiller,
            UseHierarchy = change.UseHierarchy ?? kept.UseHierarchy,
            CheckBeforeUpdate = change.CheckBeforeUpdate ?? kept.CheckBeforeUpdate,
        };
    }

    /// <summary>Without a limit of memory, one of memory and swap together would be a limit of memory again.</summary>
    internal static long? SwapOf(MemoryResources change) => change.Limit == -1 ? Set(change.Swap) ?? -1 : change.Swap;

    private static CpuResources? Apply(CpuResources? kept, CpuResources? change) => kept is null || change is null ? change ?? kept : new CpuResources
    {
        Shares = Set(change.Shares) ?? kept.Shares,
        Quota = Set(change.Quota) ?? kept.Quota,
        Period = Set(change.Period) ?? kept.Period,
        Burst = change.Burst ?? kept.Burst,
        RealtimeRuntime = Set(change.RealtimeRuntime) ?? kept.RealtimeRuntime,
        RealtimePeriod = Set(change.RealtimePeriod) ?? kept.RealtimePeriod,
        Cpus = string.IsNullOrEmpty(change.Cpus) ? kept.Cpus : change.Cpus,
        Mems = string.IsNullOrEmpty(change.Mems) ? kept.Mems : change.Mems,
        Idle = change.Idle ?? kept.Idle,
    };

    private static BlockIoResources? Apply(BlockIoResources? kept, BlockIoResources? change)
    {
        kept ??= change is null ? null : new BlockIoResources();
        return kept is null || change is null ? kept : new BlockIoResources
        {
            Weight = change.Weight is null or 0 ? kept.Weight : change.Weight,
            LeafWeight = change.LeafWeight is null or 0 ? kept.LeafWeight : change.LeafWeight,
            WeightDevice = Apply(kept.WeightDevice, change.WeightDevice, weight => (weight.Major, weight.Minor)),
            ThrottleReadBpsDevice = ApplyRates(kept.ThrottleReadBpsDevice, change.ThrottleReadBpsDevice),
            ThrottleWriteBpsDevice = ApplyRates(kept.ThrottleWriteBpsDevice, change.ThrottleWriteBpsDevice),
            ThrottleReadIopsDevice = ApplyRates(kept.ThrottleReadIopsDevice, change.ThrottleReadIopsDevice),
            ThrottleWriteIopsDevice = ApplyRates(kept.ThrottleWriteIopsDevice, change.ThrottleWriteIopsDevice),
        };
    }

    private static NetworkResources? Apply(NetworkResources? kept, NetworkResources? change)
    {
        kept ??= change is null ? null : new NetworkResources();
        return kept is null || change is null ? kept : new NetworkResources
        {
            ClassId = change.ClassId is null or 0 ? kept.ClassId : change.ClassId,
            Priorities = Apply(kept.Priorities, change.Priorities, priority => priority.Name),
        };
    }

    /// <summary>A rate of 0 is no limit: nothing that need be remembered.</summary>
    private static List<BlockIoDeviceThrottle>? ApplyRates(IReadOnlyList<BlockIoDeviceThrottle>? kept, IReadOnlyList<BlockIoDeviceThrottle>? change)
    {
        List<BlockIoDeviceThrottle>? merged = Apply(kept, change, throttle => (throttle.Major, throttle.Minor));
        merged?.RemoveAll(throttle => throttle.Rate == 0);
        return merged;
    }

    /// <summary>What is about the same thing replaces what was there; the rest is added.</summary>
    private static List<T>? Apply<T, TKey>(IReadOnlyList<T>? kept, IReadOnlyList<T>? change, Func<T, TKey> keyOf)
        where TKey : IEquatable<TKey>
    {
        if (kept is null && change is null)
        {
            return null;
        }

        List<T> merged = [.. kept ?? []];
        foreach (T item in change ?? [])
        {
            int index = merged.FindIndex(known => keyOf(known).Equals(keyOf(item)));
            if (index < 0)
            {
                merged.Add(item);
            }
            else
            {
                merged[index] = item;
            }
        }

        return merged;
    }

    private static Map<T>? Apply<T>(Map<T>? kept, Map<T>? change)
    {
        List<KeyValuePair<string, T>>? merged = Apply(kept?.Entries.ToArray(), change?.Entries.ToArray(), entry => entry.Key);
        return merged is null ? null : new Map<T>([.. merged]);
    }

    private static long? Set(long? value) => value == 0 ? null : value;

    private static ulong? Set(ulong? value) => value == 0 ? null : value;
}
