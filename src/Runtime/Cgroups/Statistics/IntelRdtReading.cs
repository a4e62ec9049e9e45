using static Hull.Runtime.StatisticsText;

namespace Hull.Runtime;

/// <summary>The container's share of cache and memory bandwidth. Documentation/arch/x86/resctrl.rst</summary>
internal static class IntelRdtReading
{
    public static IntelRdtStatistics Of(IStatisticsFiles files)
    {
        if (files.ResourceControlGroup is not { } group)
        {
            return new IntelRdtStatistics();
        }

        bool cache = files.ReadResourceControl("info/L3/cbm_mask") is not null, bandwidth = files.ReadResourceControl("info/MB/bandwidth_gran") is not null;
        string? root = files.ReadResourceControl("schemata"), own = files.ReadResourceControl(group + "/schemata");
        string[] domains = [.. files.ResourceControlNames(group + "/mon_data").Where(name => name.StartsWith("mon_L3_", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => $"{group}/mon_data/{name}/")];
        return new IntelRdtStatistics
        {
            CacheInfo = cache ? ((files.ReadResourceControl("info/L3/cbm_mask") ?? "").Trim(), Info(files, "L3/min_cbm_bits"), Info(files, "L3/num_closids")) : null,
            CacheSchemaRoot = cache ? Schema(root, "L3:") : null,
            CacheSchema = cache ? Schema(own, "L3:") : null,
            BandwidthInfo = bandwidth
                ? (Info(files, "MB/bandwidth_gran"), Info(files, "MB/delay_linear"), Info(files, "MB/min_bandwidth"), Info(files, "MB/num_closids"))
                : null,
            BandwidthSchemaRoot = bandwidth ? Schema(root, "MB:") : null,
            BandwidthSchema = bandwidth ? Schema(own, "MB:") : null,
            Bandwidth = [.. domains.Where(domain => files.ReadResourceControl(domain + "mbm_total_bytes") is not null).Select(domain =>
                (Number(files.ReadResourceControl(domain + "mbm_total_bytes")), Number(files.ReadResourceControl(domain + "mbm_local_bytes"))))],
            Occupancy = [.. domains.Select(domain => files.ReadResourceControl(domain + "llc_occupancy")).OfType<string>().Select(Number)],
        };
    }

    private static ulong Info(IStatisticsFiles files, string name) => Number(files.ReadResourceControl("info/" + name));

    private static string? Schema(string? schemata, string prefix) =>
        (schemata ?? "").Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal));
}
