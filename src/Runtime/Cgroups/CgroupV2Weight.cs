namespace Hull.Runtime;

/// <summary>From the weights of cgroup v1 to those of v2, which are from 1 to 10000 and usually 100.</summary>
internal static class CgroupV2Weight
{
    /// <summary>
    /// Of <c>cpu.shares</c>, 2 to 262144 and usually 1024: the curve that runc, crun and youki use, through 2→1, 1024→100 and
    /// 262144→10000 (CONV-CPU-01). The old straight line made 39 of 1024, less than half of what a service beside the container gets.
    /// </summary>
    /// <param name="shares">The shares; the bits of a number without a sign.</param>
    public static ulong OfShares(long shares)
    {
        ulong number = (ulong)shares;
        if (number <= 2)
        {
            return 1;
        }

        if (number >= 262144)
        {
            return 10000;
        }

        double l = Math.Log2(number);
        double weight = Math.Pow(10, (((l * l) + (125 * l)) / 612.0) - (7.0 / 34.0));

        // At 1024 the exponent is exactly 2; a last bit of rounding must not make 101 of 100.
        return (ulong)Math.Ceiling(weight - 1e-9);
    }

    /// <summary>Of block devices, 10 to 1000: the straight line through 10→1 and 1000→10000, for <c>io.weight</c> (CONV-BLK).</summary>
    public static ulong OfBlockIo(long weight) => weight <= 10 ? 1 : Math.Min(10000, 1 + (((ulong)weight - 10) * 9999 / 990));
}
