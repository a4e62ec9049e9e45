namespace Hull.EndToEnd.Tests;

/// <summary>`exec --cgroup`, and the processors of a program that joins.</summary>
public sealed class ExecCgroupTests : EndToEndTest
{
    [Fact]
    public void A_path_alone_names_a_cgroup_below_the_containers_in_every_hierarchy()
    {
        var bundle = WithChildren("sub", "cpu", "memory", "pids", "freezer", "devices", "blkio", "cpuset", "cpuacct", "name=systemd");

        Places(bundle, "--cgroup", "sub").Should().OnlyContain(line => line.EndsWith(bundle.CgroupPath + "/sub", StringComparison.Ordinal));
        Places(bundle, "--cgroup", "/").Should().OnlyContain(line => line.EndsWith(bundle.CgroupPath, StringComparison.Ordinal));
    }

    [Fact]
    public void A_controller_before_the_path_chooses_one_hierarchy()
    {
        var bundle = WithChildren("sub", "memory", "pids");
        var places = Places(bundle, "--cgroup", "memory,pids:sub");

        places.Where(line => line.Contains(":memory:", StringComparison.Ordinal) || line.Contains(":pids:", StringComparison.Ordinal))
            .Should().HaveCount(2).And.OnlyContain(line => line.EndsWith("/sub", StringComparison.Ordinal));
        places.Where(line => line.Contains(":cpu:", StringComparison.Ordinal)).Should().OnlyContain(line => line.EndsWith(bundle.CgroupPath, StringComparison.Ordinal));
        Places(bundle, "--cgroup", "memory:sub", "--cgroup", "pids:/").Where(line => line.EndsWith("/sub", StringComparison.Ordinal)).Should().ContainSingle();
    }

    [Theory]
    [InlineData("is not a sub cgroup path", "..")]
    [InlineData("is not a sub cgroup path", "sub/../../..")]
    [InlineData("is not a sub cgroup path", "memory:..")]
    [InlineData("no such file or directory", "nonexistent")]
    [InlineData("no such file or directory", "memory:nonexistent")]
    [InlineData("unknown controller \"whaaat\"", "whaaat:/")]
    [InlineData("unknown controller", ":/")]
    [InlineData("given twice", "memory:/", "memory:/")]
    [InlineData("CONTROLLER:", "memory:/", "sub")]
    [InlineData("CONTROLLER:", "sub", "memory:/")]
    [InlineData("empty", "memory:")]
    public void A_cgroup_that_is_none_of_the_containers_is_refused(string reason, params string[] choices)
    {
        Requires.CgroupV1("memory");
        var bundle = NewBundle().Running();
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Exec([.. choices.SelectMany(choice => new[] { "--cgroup", choice }), "--", "true"]);

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain(reason);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n");
        HostSnapshot.ShouldBecome(bundle, before, "what is refused leaves no trace");
    }

    [Fact]
    public void Where_the_containers_first_process_went_in_the_unified_hierarchy_the_program_goes_when_the_top_is_gone()
    {
        Skip();
        var bundle = NewBundle().Running();
        var elsewhere = Cgroups.V2Mount + bundle.CgroupPath + "-moved";
        Directory.CreateDirectory(elsewhere);
        try
        {
            File.WriteAllText(elsewhere + "/cgroup.procs", bundle.ProcessId().ToString(System.Globalization.CultureInfo.InvariantCulture));
            Rmdir(Cgroups.V2Mount + bundle.CgroupPath);

            bundle.Exec("--", "cat", "/proc/self/cgroup").ShouldSucceed().Output.Should().Contain($"0::{bundle.CgroupPath}-moved\n");
            bundle.Exec("--cgroup", "/", "--", "true").Status.Should().Be(255, "a cgroup that is named is the one that is meant");
        }
        finally
        {
            bundle.Delete("--force");
            Rmdir(elsewhere);
        }
    }

    [Fact]
    public void The_callers_processors_are_not_the_programs()
    {
        Requires.Program("taskset");
        Hull.Skipping.Skip.Unless(Environment.ProcessorCount > 1, "needs two processors");
        var bundle = NewBundle().Running();
        var call = new[] { "taskset", "-c", "0", HullBinary.Path, "--root", bundle.StateRoot, "exec", bundle.Id, "grep", "Cpus_allowed_list", "/proc/self/status" };

        new Command(bundle.Scratch, call).Run().ShouldSucceed().Output.Should().NotMatchRegex("\t0\n");
    }

    [Fact]
    public void Processors_that_do_not_exist_are_an_error()
    {
        Requires.Hull("older runtimes do not know execCPUAffinity");
        var outcome = NewBundle().With("process.execCPUAffinity", new System.Text.Json.Nodes.JsonObject { ["final"] = "5000" }).Running().Exec("--", "true");

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain("execCPUAffinity").And.Contain("5000");
    }

    private static string[] Places(Bundle bundle, params string[] options) =>
    [
        .. bundle.Exec([.. options, "--", "cat", "/proc/self/cgroup"]).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains(bundle.CgroupPath, StringComparison.Ordinal)),
    ];

    private Bundle WithChildren(string name, params string[] controllers)
    {
        Requires.CgroupV1("memory");
        var bundle = NewBundle().Running();
        foreach (var mount in controllers.Select(Cgroups.Version1Mount).OfType<string>().Append(controllers.Length > 5 ? Cgroups.V2Mount : null).OfType<string>().Distinct())
        {
            Directory.CreateDirectory(mount + bundle.CgroupPath + "/" + name);
            if (mount.EndsWith("cpuset", StringComparison.Ordinal))
            {
                foreach (var file in new[] { "/cpuset.cpus", "/cpuset.mems" })
                {
                    File.WriteAllText(mount + bundle.CgroupPath + "/" + name + file, File.ReadAllText(mount + bundle.CgroupPath + file));
                }
            }
        }

        return bundle;
    }

    private static void Skip() => Hull.Skipping.Skip.Unless(Cgroups.V2Mount is not null, "needs a mounted cgroup2");

    // Directory.Delete would first try to delete the files in it.
    private static void Rmdir(string directory) => System.Diagnostics.Process.Start("rmdir", directory).WaitForExit();
}
