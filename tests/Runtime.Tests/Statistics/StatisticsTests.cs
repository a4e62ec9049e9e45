using System.Text.Json.Nodes;

namespace Hull.Runtime.Tests.Statistics;

/// <summary>
/// Recorded/*: the files of a paused container, and what Debian's runc said of it in the same moment, on a hybrid host (Linux 6.18) and on
/// one with cgroup v2 alone (Linux 6.12).
/// </summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly DirectoryInfo _written = Directory.CreateTempSubdirectory("hull-statistics-");

    public void Dispose() => _written.Delete(recursive: true);

    [Theory]
    [InlineData("hybrid")]
    [InlineData("unified")]
    public void What_the_files_say_is_what_runc_made_of_them(string host)
    {
        string line = EventDocument.Statistics("vr", StatisticsReading.Of(RecordedFiles.Of(host)));
        string runc = File.ReadAllText(SourceTree.Place("tests", "Runtime.Tests", "Statistics", "Recorded", host, "runc.json"));

        line.Should().EndWith("\n").And.Subject.TrimEnd('\n').Should().NotContain("\n", "an event is one line");
        Differences(JsonNode.Parse(line)!, JsonNode.Parse(runc)!, "").Should().BeEmpty();
    }

    [Theory]
    [InlineData("hybrid")]
    [InlineData("unified")]
    public void The_members_stand_in_the_order_of_runc(string host)
    {
        JsonObject ours = JsonNode.Parse(EventDocument.Statistics("vr", StatisticsReading.Of(RecordedFiles.Of(host))))!.AsObject();
        JsonObject runc = JsonNode.Parse(File.ReadAllText(SourceTree.Place("tests", "Runtime.Tests", "Statistics", "Recorded", host, "runc.json")))!.AsObject();

        ours.Select(member => member.Key).Should().Equal("type", "id", "data");
        Order(ours["data"]!.AsObject(), runc["data"]!.AsObject()).Should().BeEmpty();
    }

    [Fact]
    public void Pressure_is_told_where_the_kernel_measures_it()
    {
        ContainerStatistics hybrid = StatisticsReading.Of(RecordedFiles.Of("hybrid"));

        hybrid.Cpu.Pressure.Should().Be(new Pressure(new PressureLine(0.89, 0.26, 0.06, 187792), new PressureLine(0.79, 0.23, 0.05, 182398)));
        StatisticsReading.Of(Written()).Cpu.Pressure.Should().BeNull();
    }

    [Fact]
    public void Block_devices_are_told_by_the_scheduler_or_else_by_the_throttle()
    {
        Write("blkio/blkio.bfq.io_service_bytes_recursive", "Total 0\n");
        Write("blkio/blkio.throttle.io_service_bytes_recursive", "8:16 Read 4096\n8:16 Write 0\n8:16 Total 4096\nTotal 4096\n");
        Write("blkio/blkio.bfq.sectors_recursive", "8:16 8\n");

        string line = EventDocument.Statistics("c", StatisticsReading.Of(Written()));

        line.Should().Contain(
            """ioServiceBytesRecursive":[{"major":8,"minor":16,"op":"Read","value":4096},{"major":8,"minor":16,"op":"Write"},{"major":8,"minor":16,"op":"Total","value":4096}]""")
            .And.Contain("""sectorsRecursive":[{"major":8,"minor":16,"value":8}]""");
    }

    [Fact]
    public void Reads_and_writes_of_v2_are_told_in_the_tables_of_v1()
    {
        Write("unified/io.stat", "259:0 rbytes=8192 wbytes=0 rios=2 wios=0 dbytes=0 dios=0\n");

        string line = EventDocument.Statistics("c", StatisticsReading.Of(Written()));

        line.Should().Contain("""blkio":{"ioServiceBytesRecursive":[{"major":259,"op":"Read","value":8192},{"major":259,"op":"Write"}],"ioServicedRecursive":[{"major":259,"op":"Read","value":2},{"major":259,"op":"Write"}]}""");
    }

    [Theory]
    [InlineData("hugetlb/hugetlb.2MB.usage_in_bytes=4194304 hugetlb/hugetlb.2MB.max_usage_in_bytes=6291456 hugetlb/hugetlb.2MB.failcnt=3 hugetlb/hugetlb.1GB.usage_in_bytes=0",
        """{"1GB":{"failcnt":0},"2MB":{"usage":4194304,"max":6291456,"failcnt":3}}""")]
    [InlineData("hugetlb/hugetlb.2MB.usage_in_bytes=0 hugetlb/hugetlb.2MB.rsvd.usage_in_bytes=2097152 hugetlb/hugetlb.2MB.rsvd.failcnt=1",
        """{"2MB":{"usage":2097152,"failcnt":1}}""")]
    [InlineData("unified/hugetlb.2MB.current=2097152 unified/hugetlb.2MB.events=max.7", """{"2MB":{"usage":2097152,"failcnt":7}}""")]
    public void Huge_pages_are_told_by_size(string files, string expected)
    {
        foreach (string file in files.Split(' '))
        {
            Write(file.Split('=')[0], file.Split('=')[1].Replace('.', ' ') + "\n");
        }

        EventDocument.Statistics("c", StatisticsReading.Of(Written())).Should().Contain($"\"hugetlb\":{expected}");
    }

    [Fact]
    public void Remote_memory_is_told_only_where_there_is_some()
    {
        Write("unified/rdma.current", "mlx4_0 hca_handle=2 hca_object=2000\n");
        Write("unified/rdma.max", "mlx4_0 hca_handle=max hca_object=5000\n");

        EventDocument.Statistics("c", StatisticsReading.Of(Written())).Should().EndWith(
            ""","network_interfaces":null,"rdma":{"current":[{"device":"mlx4_0","hca_handles":2,"hca_objects":2000}],"limit":[{"device":"mlx4_0","hca_handles":4294967295,"hca_objects":5000}]}}}""" + "\n");
        EventDocument.Statistics("c", StatisticsReading.Of(RecordedFiles.Of("hybrid"))).Should().NotContain("rdma");
    }

    [Fact]
    public void Cache_and_bandwidth_are_told_of_the_containers_group()
    {
        Write("resctrl/info/L3/cbm_mask", "7ff\n");
        Write("resctrl/info/L3/min_cbm_bits", "1\n");
        Write("resctrl/info/L3/num_closids", "16\n");
        Write("resctrl/schemata", "    L3:0=7ff;1=7ff\n");
        Write("resctrl/c/schemata", "    L3:0=7f0;1=1f\n");
        Write("resctrl/c/mon_data/mon_L3_00/llc_occupancy", "123\n");
        Write("resctrl/c/mon_data/mon_L3_00/mbm_total_bytes", "9\n");
        Write("resctrl/c/mon_data/mon_L3_00/mbm_local_bytes", "4\n");

        EventDocument.Statistics("c", StatisticsReading.Of(new RecordedFiles(_written.FullName, "c"))).Should().Contain(
            """intel_rdt":{"l3_cache_info":{"cbm_mask":"7ff","min_cbm_bits":1,"num_closids":16},"l3_cache_schema_root":"L3:0=7ff;1=7ff","l3_cache_schema":"L3:0=7f0;1=1f","mbm_stats":[{"mbm_total_bytes":9,"mbm_local_bytes":4}],"cmt_stats":[{"llc_occupancy":123}]}""");
    }

    [Fact]
    public void Files_that_no_kernel_would_write_are_no_reason_to_fail()
    {
        foreach (string file in (string[])["memory.stat", "memory.events", "cpu.stat", "io.stat", "cpu.pressure", "pids.max", "cpuset.cpus.effective", "rdma.current"])
        {
            Write("unified/" + file, "a\n=\n : \n-1 99999999999999999999999\n\u0000\n3-1,x,-\n\n");
        }

        FluentActions.Invoking(() => EventDocument.Statistics("c", StatisticsReading.Of(Written()))).Should().NotThrow();
    }

    [Fact]
    public void Out_of_memory_is_one_short_line() => EventDocument.OutOfMemory("c1").Should().Be("{\"type\":\"oom\",\"id\":\"c1\"}\n");

    [Theory]
    [InlineData("5s", 5000)]
    [InlineData("100ms", 100)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("0.5s", 500)]
    [InlineData("2000us", 2)]
    [InlineData("2000µs", 2)]
    public void Durations_are_those_of_Go(string text, int milliseconds)
    {
        GoDuration.TryParse(text, out TimeSpan duration).Should().BeTrue();
        duration.TotalMilliseconds.Should().Be(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("s")]
    [InlineData("5d")]
    [InlineData("1..5s")]
    [InlineData("99999999999h")]
    public void What_is_no_duration_is_refused(string text) => GoDuration.TryParse(text, out _).Should().BeFalse();

    private RecordedFiles Written() => new(_written.FullName);

    private void Write(string path, string content)
    {
        string file = Path.Combine(_written.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    /// <summary>Where we differ from runc: only members that the older version lacks may be more.</summary>
    private static IEnumerable<string> Differences(JsonNode? ours, JsonNode? runc, string path)
    {
        if (ours is JsonObject mine && runc is JsonObject theirs)
        {
            return theirs.SelectMany(member => Differences(mine[member.Key], member.Value, $"{path}.{member.Key}"))
                .Concat(mine.Where(member => !theirs.ContainsKey(member.Key) && !IsNewer(path, member.Key)).Select(member => $"{path}.{member.Key} is ours alone"));
        }

        return JsonNode.DeepEquals(ours, runc) ? [] : [$"{path}: {ours?.ToJsonString()} is not {runc?.ToJsonString()}"];
    }

    // runc tells pressure and memory events since 1.2 and 1.5; the processors of v2 it leaves out, and so it did with huge pages whose files are there.
    private static bool IsNewer(string path, string member) => member is "psi" or "event_count" || path == ".data.hugetlb" || (path.EndsWith(".cpuset", StringComparison.Ordinal) && member is "cpus" or "mems");

    private static IEnumerable<string> Order(JsonObject ours, JsonObject runc, string path = "")
    {
        string[] common = [.. ours.Select(member => member.Key).Where(runc.ContainsKey)];
        string[] expected = [.. runc.Select(member => member.Key).Where(ours.ContainsKey)];
        IEnumerable<string> here = common.SequenceEqual(expected) ? [] : [$"{path}: {string.Join(' ', common)}"];
        return here.Concat(common.Where(name => ours[name] is JsonObject && runc[name] is JsonObject)
            .SelectMany(name => Order(ours[name]!.AsObject(), runc[name]!.AsObject(), $"{path}.{name}")));
    }
}
