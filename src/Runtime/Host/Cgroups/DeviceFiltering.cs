using System.Text;
using Hull.Linux;
using Hull.Runtime.Planning;

namespace Hull.Runtime.Host.Cgroups;

/// <summary>Attaches device programs to v2 cgroups. A program lives as long as its cgroup: removing that is all the undoing there is.</summary>
internal static class DeviceFiltering
{
    // The kernel's own limit of programs on one cgroup.
    private const int MostPrograms = 64;

    /// <summary>
    /// Lets the program judge, and no other of this cgroup: one that an earlier container has left would go on refusing what this one may
    /// use. The new one comes first, so that at no time there is none; those of cgroups above hold in any case (CGD-03).
    /// </summary>
    public static void Attach(AttachDeviceFilter action)
    {
        using OwnedFd cgroup = HostFiles.OpenDirectory(Fd.CurrentDirectory, action.Directory);
        using OwnedFd program = Load(action.Instructions.AsSpan());
        Span<uint> earlier = stackalloc uint[MostPrograms];
        Bpf.Query(cgroup, earlier, out int count).OrThrow($"bpf BPF_PROG_QUERY {action.Directory}");
        Bpf.Attach(cgroup, program, BpfAttachFlags.AllowMultiple, Fd.None).OrThrow($"bpf BPF_PROG_ATTACH {action.Directory}");
        foreach (uint id in earlier[..count])
        {
            using OwnedFd old = Bpf.OpenProgram(id).OwnedOrThrow("bpf BPF_PROG_GET_FD_BY_ID");
            Bpf.Detach(cgroup, old).OrThrow($"bpf BPF_PROG_DETACH {action.Directory}");
        }
    }

    private static OwnedFd Load(ReadOnlySpan<BpfInstruction> instructions)
    {
        SyscallResult loaded = Bpf.LoadProgram(instructions, []);
        if (!loaded.Failed)
        {
            return new OwnedFd(loaded.Fd.Number);
        }

        // What the verifier has to say takes time to write: it is asked only when there is something wrong.
        var log = new byte[1 << 16];
        SyscallResult again = Bpf.LoadProgram(instructions, log);
        string said = Encoding.UTF8.GetString(log, 0, Math.Max(0, Array.IndexOf(log, (byte)0))).Trim();
        return again.OwnedOrThrow(said.Length == 0 ? "bpf BPF_PROG_LOAD" : $"bpf BPF_PROG_LOAD, verifier: {said.ReplaceLineEndings("; ")}");
    }
}
