using System.Globalization;
using static Hull.Runtime.StatisticsText;

namespace Hull.Runtime;

/// <summary>Huge pages, one entry for each size. Reservations (kernel 5.7) are what limits mean in practice, so they are told where there are some.</summary>
internal static class HugetlbReading
{
    public static List<(string Size, ulong Usage, ulong Peak, ulong Failures)> Of(IStatisticsFiles files)
    {
        bool isV1 = files.IsV1("hugetlb");
        string usage = isV1 ? "usage_in_bytes" : "current";
        List<(string, ulong, ulong, ulong)> all = [];
        foreach (string size in Sizes(files.Names("hugetlb"), usage))
        {
            string prefix = files.Read("hugetlb", $"hugetlb.{size}.rsvd.{usage}") is null ? $"hugetlb.{size}." : $"hugetlb.{size}.rsvd.";
            ulong failures = isV1
                ? Number(files.Read("hugetlb", prefix + "failcnt"))
                : StatisticsText.Of(Pairs(files.Read("hugetlb", $"hugetlb.{size}.events")), "max");
            ulong peak = isV1 ? Number(files.Read("hugetlb", prefix + "max_usage_in_bytes")) : 0;
            all.Add((size, Number(files.Read("hugetlb", prefix + usage)), peak, failures));
        }

        return all;
    }

    private static IEnumerable<string> Sizes(IReadOnlyList<string> names, string usage) => names
        .Select(name => name.Split('.')).Where(parts => parts is ["hugetlb", _, var last] && last == usage)
        .Select(parts => parts[1]).Order(StringComparer.Ordinal);
}

/// <summary>Remote memory: <c>mlx4_0 hca_handle=2 hca_object=2000</c>. Documentation/admin-guide/cgroup-v1/rdma.rst</summary>
internal static class RdmaReading
{
    public static RdmaStatistics Of(IStatisticsFiles files) =>
        new(Entries(files.Read("rdma", "rdma.current")), Entries(files.Read("rdma", "rdma.max")));

    private static List<RdmaEntry> Entries(string? text) =>
        [.. Lines(text).Where(words => words.Length == 3).Select(words => new RdmaEntry(words[0], Count(Value(words, 1)), Count(Value(words, 2))))];

    private static uint Count(string text) =>
        text == "max" ? uint.MaxValue : uint.TryParse(text, CultureInfo.InvariantCulture, out uint count) ? count : 0;
}
