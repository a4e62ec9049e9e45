namespace Hull.Runtime;

/// <summary>From the shares of cgroup v1 (2 to 262144, usually 1024) to the weight of v2 (1 to 10000, usually 100).</summary>
internal static class CpuWeight
{
    /// <summary>
    /// The curve that runc, crun and youki use, through 2→1, 1024→100 and 262144→10000 (CONV-CPU-01). The old straight line
    /// made 39 of 1024, less than half of what a service beside the container gets.
    /// </summary>
    public static ulong FromShares(ulong shares)
    {
        if (shares <= 2)
        {
            return 1;
        }

        if (shares >= 262144)
        {
            return 10000;
        }

        double l = Math.Log2(shares);
        double weight = Math.Pow(10, (((l * l) + (125 * l)) / 612.0) - (7.0 / 34.0));

        // At 1024 the exponent is exactly 2; a last bit of rounding must not make 101 of 100.
        return (ulong)Math.Ceiling(weight - 1e-9);
    }
}
