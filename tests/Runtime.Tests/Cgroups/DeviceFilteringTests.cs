using System.Collections.Immutable;
using System.Diagnostics;
using Hull.Linux;
using Hull.Skipping;
using static Hull.Linux.BpfDeviceAccess;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Programs in a real cgroup2 of this host, below a name of our own; the kernel itself is asked.</summary>
public sealed class DeviceFilteringTests : IDisposable
{
    private readonly string? _mount = HostProbe.ProbeCgroups().V2?.Mount;
    private readonly string _name = $"/hull-unit-devices-{Environment.ProcessId}-{Environment.TickCount64}";

    private string Cgroup => _mount + _name;

    public void Dispose()
    {
        if (_mount is not null)
        {
            CgroupRemoval.Remove([new RecordedCgroup(Cgroup, 1)]);
        }
    }

    [Fact]
    public void The_default_rules_let_null_be_written_and_the_kernel_log_not_be_read()
    {
        MakeCgroup();
        Inside(": </dev/kmsg").Should().Be((0, ""), "nothing is denied yet");

        Attach(DeviceRules.Resolve([CgroupPlanningTests.Deny], terminal: false));

        Inside("echo x >/dev/null && head -c 1 /dev/zero >/dev/null && : >/dev/full && head -c 1 /dev/urandom >/dev/null").Code.Should().Be(0);
        Inside(": </dev/kmsg").Error.Should().Contain("Operation not permitted");
        Inside("mknod /dev/hull-unit c 1 11 && rm /dev/hull-unit").Code.Should().Be(0, "making nodes is always allowed");
    }

    [Fact]
    public void Reading_writing_and_making_nodes_are_told_apart()
    {
        MakeCgroup();
        ResolvedDeviceRule denyAll = new(false, BpfDeviceType.None, null, null, ResolvedDeviceRule.EveryAccess);
        ResolvedDeviceRule zeroCanBeRead = new(true, BpfDeviceType.Character, 1, 5, Read);

        Attach([denyAll, ResolvedDeviceRule.AllowCharacter(1, 3), zeroCanBeRead]);

        Inside("head -c 1 /dev/zero >/dev/null").Code.Should().Be(0);
        Inside("echo >/dev/zero").Error.Should().Contain("Operation not permitted");
        Inside(": <>/dev/zero").Error.Should().Contain("Operation not permitted");
        Inside("mknod /dev/hull-unit c 1 5").Error.Should().Contain("Operation not permitted");
    }

    [Fact]
    public void A_new_filter_takes_the_place_of_the_old_one()
    {
        MakeCgroup();
        ResolvedDeviceRule denyZero = new(false, BpfDeviceType.Character, 1, 5, ResolvedDeviceRule.EveryAccess);
        Attach([denyZero]);
        Inside("head -c 1 /dev/zero >/dev/null").Error.Should().Contain("Operation not permitted");

        Attach([denyZero with { Minor = 8 }]);

        Inside("head -c 1 /dev/zero >/dev/null").Code.Should().Be(0);
        Inside("head -c 1 /dev/random >/dev/null").Error.Should().Contain("Operation not permitted");
    }

    [Fact]
    public void The_kernel_takes_any_program_that_rules_can_make()
    {
        MakeCgroup();
        var chance = new Random(20265);
        for (int list = 0; list < 100; list++)
        {
            Attach([.. Enumerable.Range(0, chance.Next(40)).Select(_ => DeviceFilterTests.Rule(chance, wildcards: true))]);
        }
    }

    [Fact]
    public void A_program_that_the_kernel_refuses_is_an_error_with_the_words_of_the_verifier()
    {
        MakeCgroup();
        ImmutableArray<BpfInstruction> noResult = [new BpfInstruction(BpfOpcode.Exit)];

        FluentActions.Invoking(() => DeviceFiltering.Attach(new AttachDeviceFilter(Cgroup, 1, noResult))).Should().Throw<KernelException>()
            .WithMessage("bpf BPF_PROG_LOAD, verifier: *R0*");
    }

    private void Attach(ImmutableArray<ResolvedDeviceRule> rules)
    {
        DeviceFilter filter = DeviceFilter.Compile(rules);
        DeviceFiltering.Attach(new AttachDeviceFilter(Cgroup, filter.Rules.Length, filter.Instructions));
    }

    /// <summary>Runs a shell that enters the cgroup first.</summary>
    private (int Code, string Error) Inside(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"echo $$ >{Cgroup}/cgroup.procs && {{ {script}; }}"]) { RedirectStandardError = true })!;
        string error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, error);
    }

    private void MakeCgroup()
    {
        Skip.Unless(Credentials.EffectiveUserId() == 0, "needs root");
        Skip.Unless(_mount is not null, "needs cgroup v2, alone or beside v1");
        SyscallResult made = Files.MakeDirectory(Fd.CurrentDirectory, Cgroup, 0x1ED);
        Skip.Unless(!made.Failed, $"cgroup v2 is not ours to write: {made.Errno}");
        using OwnedFd cgroup = HostFiles.OpenDirectory(Fd.CurrentDirectory, Cgroup);
        SyscallResult asked = Bpf.Query(cgroup, [], out _);
        Skip.Unless(!asked.Failed, $"needs device programs for cgroups: {asked.Errno}");
    }
}
