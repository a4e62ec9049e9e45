
namespace Hull.Runtime.Tests.Cgroups;

public sealed class UndoneWriteTests
{
    [Theory]
    [InlineData("memory.max", "100", "max", "max")]
    [InlineData("cpu.max", "1000 2000", "max 100000", "max 100000")]
    [InlineData("cpuset.cpus", "0", "", "\n")]
    [InlineData("memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\noom_kill 0", "0")]
    [InlineData("memory.oom_control", "0", "oom_kill_disable 1\nunder_oom 0\noom_kill 0", "1")]
    [InlineData("io.max", "8:0 rbps=1", "8:16 rbps=9 wbps=max riops=max wiops=max\n8:0 rbps=5 wbps=max riops=max wiops=max", "8:0 rbps=5 wbps=max riops=max wiops=max")]
    [InlineData("io.max", "8:0 rbps=1", "", "8:0 rbps=max wbps=max riops=max wiops=max")]
    [InlineData("io.bfq.weight", "500", "default 100\n8:0 50", "default 100")]
    [InlineData("io.bfq.weight", "8:0 500", "default 100\n8:0 50", "8:0 50")]
    [InlineData("io.weight", "8:0 500", "default 100", "8:0 default")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 5", "8:0 7\n8:16 9", "8:0 7")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 5", "8:01 7", "8:0 0")]
    [InlineData("net_prio.ifpriomap", "eth0 5", "lo 0\neth0 2", "eth0 2")]
    [InlineData("rdma.max", "mlx hca_handle=2 hca_object=max", "", "mlx hca_handle=max hca_object=max")]
    [InlineData("schemata", "MB:0=20\n", "    MB:0=100\n    L3:0=fff", "MB:0=100\n")]
    public void The_file_says_again_what_it_said(string file, string written, string before, string expected) =>
        UndoneWrite.Of(new WriteCgroupFile("/d", file, written), before).Should().Be(new WriteCgroupFile("/d", file, expected));

    [Fact]
    public void A_device_rule_is_taken_back_by_its_opposite()
    {
        UndoneWrite.Of(new WriteCgroupFile("/d", "devices.allow", "c 1:3 rwm"), null).Should().Be(new WriteCgroupFile("/d", "devices.deny", "c 1:3 rwm"));
        UndoneWrite.Of(new WriteCgroupFile("/d", "devices.deny", "c 1:3 rwm"), null).Should().Be(new WriteCgroupFile("/d", "devices.allow", "c 1:3 rwm"));
    }

    [Fact]
    public void What_cannot_be_read_cannot_be_taken_back() =>
        UndoneWrite.Of(new WriteCgroupFile("/d", "memory.reclaim", "1M"), null).Should().BeNull();
}
