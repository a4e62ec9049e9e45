using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Hull.Linux.Tests;

/// <summary>Programs of cgroups, as the kernel's verifier takes them.</summary>
public sealed class BpfTests
{
    [Fact]
    public void A_signal_while_the_verifier_works_is_no_failure()
    {
        Needs.Root();
        // Long enough that a signal falls into it: the verifier looks for one at every instruction.
        BpfInstruction[] program =
        [
            .. Enumerable.Repeat(new BpfInstruction(BpfOpcode.Set, immediate: 1), 4000),
            new BpfInstruction(BpfOpcode.Exit),
        ];
        using var handled = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, context => context.Cancel = true);
        using var ended = new CancellationTokenSource();
        var sender = new Thread(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                _ = LibC.kill(Environment.ProcessId, LibC.SIGWINCH);
            }
        });
        sender.Start();
        Errno[] failures = [.. Enumerable.Range(0, 200).Select(_ => Load(program)).Where(errno => errno != Errno.None)];
        ended.Cancel();
        sender.Join();

        failures.Should().BeEmpty();
    }

    private static Errno Load(BpfInstruction[] program)
    {
        SyscallResult loaded = Bpf.LoadProgram(program, []);
        if (!loaded.Failed)
        {
            Files.Close(loaded.Fd);
        }

        return loaded.Errno;
    }
}
