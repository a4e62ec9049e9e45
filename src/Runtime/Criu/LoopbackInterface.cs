using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>CRIU restores a network namespace empty, with its loopback interface down; creation leaves it up.</summary>
internal static class LoopbackInterface
{
    /// <summary>Brings it up in the network namespace of a process.</summary>
    public static void BringUp(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net");
        using OwnedFd network = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly).OwnedOrThrow($"open {path}");
        var slots = new Slots { [Slot.NetworkNamespace] = network };
        using var channel = new HostChannel(slots);
        ClonedProcess helper = Clone.Start(
            [new BringUpLoopback()], slots, new CloneContext(NamespaceKinds.None, [(Slot.NetworkNamespace, NamespaceKinds.Network)], Fd.None));
        using OwnedFd process = helper.Process;
        channel.CloseFarEnd();
        Report? report = channel.Receive();
        Processes.Wait(process, WaitOptions.Exited, out _);
        if (report is { Kind: ReportKind.Failure } failure)
        {
            throw new KernelException("bring the loopback interface up", failure.Errno);
        }
    }
}
