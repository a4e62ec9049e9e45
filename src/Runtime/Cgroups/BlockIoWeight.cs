namespace Hull.Runtime;

/// <summary>From the weight of block devices on cgroup v1 (10 to 1000) to that of v2 (1 to 10000).</summary>
internal static class BlockIoWeight
{
    /// <summary>The straight line through 10→1 and 1000→10000 (CONV-BLK), for <c>io.weight</c>; <c>io.bfq.weight</c> takes v1's number as it is.</summary>
    public static ulong ToV2(ushort weight) => weight <= 10 ? 1 : Math.Min(10000, 1 + ((weight - 10UL) * 9999 / 990));
}
