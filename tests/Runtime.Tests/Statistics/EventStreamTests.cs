using System.Text;

namespace Hull.Runtime.Tests.Statistics;

/// <summary>The parts of `events --changes` that need no container.</summary>
public sealed class EventStreamTests
{
    [Theory]
    [InlineData("memory:some:150ms/2s", "memory", "some", 150_000, 2_000_000)]
    [InlineData("io:full:1s/1s", "io", "full", 1_000_000, 1_000_000)]
    [InlineData("cpu:some:1us/10s", "cpu", "some", 1, 10_000_000)]
    public void A_threshold_of_pressure_is_a_resource_a_kind_a_stall_and_a_window(string text, string resource, string kind, int stall, int window) =>
        PressureThreshold.Parse(text).Should().Be(new PressureThreshold(resource, kind, (ulong)stall, (ulong)window));

    [Theory]
    [InlineData("")]
    [InlineData("memory")]
    [InlineData("memory:some")]
    [InlineData("memory:some:150ms")]
    [InlineData("memory:most:150ms/2s")]
    [InlineData("disk:some:150ms/2s")]
    [InlineData("memory:some:0s/2s")]
    [InlineData("memory:some:3s/2s")]
    [InlineData("memory:some:150ms/11s")]
    [InlineData("memory:some:100ms/400ms")]
    [InlineData("memory:some:1/2")]
    [InlineData("memory:some:150ms/2s/3s")]
    [InlineData("memory:some:-150ms/2s")]
    public void Anything_else_is_refused_with_the_form(string text)
    {
        RuntimeError refused = FluentActions.Invoking(() => PressureThreshold.Parse(text)).Should().Throw<RuntimeError>().Which;

        refused.Message.Should().Contain("--pressure");
        refused.Hint.Should().Contain("memory:some:150ms/2s");
    }

    [Theory]
    [InlineData("/web", "task=dd,pid=42", "dd")]
    [InlineData("/web/inner/deep", "task=a,b=c,pid=42", "a,b=c")]
    public void The_victim_is_the_kernels_line_of_the_containers_cgroup_or_one_below(string cgroup, string task, string name)
    {
        string line = $"6,901,171234,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=web,mems_allowed=0,oom_memcg=/web,task_memcg={cgroup},{task},uid=0\n SUBSYSTEM=x\n";

        KernelLog.VictimIn(line, "/sys/fs/cgroup/memory/web").Should().Be(new OutOfMemoryVictim(42, name));
    }

    [Theory]
    [InlineData("6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/other,task_memcg=/other,task=dd,pid=42,uid=0\n")]
    [InlineData("6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/,task_memcg=/,task=dd,pid=42,uid=0\n")]
    [InlineData("6,1,2,-;Killed process 42 (dd)\n")]
    [InlineData("6,1,2,-;oom-kill:task_memcg=/web")]
    [InlineData("")]
    public void Lines_of_others_name_no_victim(string line) => KernelLog.VictimIn(line, "/sys/fs/cgroup/memory/web").Should().BeNull();

    [Fact]
    public void The_largest_kinds_of_memory_are_those_of_bytes_and_the_largest_first()
    {
        WatchedMemory.Largest("anon 100\nfile 300\nkernel 900\npgfault 99999\nslab 200\nsock 5\n", isV1: false)
            .Should().Equal(("file", 300UL), ("slab", 200UL), ("anon", 100UL));
        WatchedMemory.Largest("cache 1\nrss 20\nhierarchical_memory_limit 5000\n", isV1: true).Should().Equal(("rss", 20UL), ("cache", 1UL));
        WatchedMemory.Largest(null, isV1: false).Should().BeEmpty();
    }

    [Fact]
    public void A_notice_is_read_as_it_was_written_whatever_its_words()
    {
        byte[] line = Notices.Line(Notices.Exec, 42, ["sh", "-c", "a\n\"b\"\\ ü\t", ""]);
        Notice notice = Notices.Read([.. line, .. "{\"kind\":\"ex"u8], out int used).Should().ContainSingle().Which;

        used.Should().Be(line.Length);
        notice.Kind.Should().Be(Notices.Exec);
        notice.Pid.Should().Be(42);
        notice.Words.Should().Equal("sh", "-c", "a\n\"b\"\\ ü\t", "");
    }

    [Fact]
    public void Long_words_are_cut_off_and_what_is_broken_is_passed_over()
    {
        byte[] line = Notices.Line(Notices.Exec, 1, [new string('x', 100_000), "never"]);
        line.Length.Should().BeLessThan(4096);
        List<Notice> read = Notices.Read([.. "{broken\n"u8, .. line], out _);

        read.Should().ContainSingle().Which.Words.Should().HaveCount(2).And.EndWith("…");
    }

    [Fact]
    public void An_event_has_the_same_members_for_programs_and_a_line_for_people()
    {
        const string Time = "2026-11-30T12:00:00.000000000Z";
        var oom = new OutOfMemoryEvent("web", Time, 32 << 20, 33 << 20, [("anon", 31 << 20)], new OutOfMemoryVictim(42, "dd"));

        oom.ToJson().Should().Be(
            $"{{\"type\":\"oom\",\"id\":\"web\",\"time\":\"{Time}\",\"data\":{{\"limit\":33554432,\"peak\":34603008,\"largest\":{{\"anon\":32505856}},\"victim\":{{\"pid\":42,\"name\":\"dd\"}}}}}}\n");
        oom.ToText().Should().Be("2026-11-30T12:00:00Z web: out of memory: limit 32 MiB, peak 33 MiB, anon 31 MiB; killed process 42 (dd)\n");
        new ExitedEvent("web", Time, null).ToJson().Should().Be($"{{\"type\":\"exited\",\"id\":\"web\",\"time\":\"{Time}\",\"data\":{{}}}}\n");
        new ExecEvent("web", Time, 7, ["sh", "\e[2J"]).ToText().Should().Be("2026-11-30T12:00:00Z web: exec sh ?[2J, process 7\n");
    }
}
