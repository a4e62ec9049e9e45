using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Attaches device programs to v2 cgroups. A program lives as long as its cgroup: removing that is all the undoing there is.</summary>
internal static class DeviceFiltering
{
    // The kernel's own limit of programs on one cgroup.
    private const int MostPrograms = 64;

    /// <summary>
    /// Attaches the program and detaches all others of this cgroup: one that an earlier container has left would go on refusing what this one
    /// may use. A single earlier one is replaced in one step, so that at no time there are two or none; those of cgroups above hold in any case
    /// (CGD-03).
    /// </summary>
    /// <param name="keepReplaced">The result is the program that was replaced, if there was exactly one.</param>
    public static OwnedFd? Attach(AttachDeviceFilter action, bool keepReplaced = false)
    {
        using OwnedFd program = Load(action.Instructions.AsSpan());
        return Attach(action.Directory, program, keepReplaced);
    }

    /// <summary>Attaches a program that is loaded already.</summary>
    public static void Attach(string directory, Fd program) => Attach(directory, program, keepReplaced: false);

    private static OwnedFd? Attach(string directory, Fd program, bool keepReplaced)
    {
        using OwnedFd cgroup = HostFiles.OpenDirectory(Fd.CurrentDirectory, directory);
        Span<uint> earlier = stackalloc uint[MostPrograms];
        Bpf.Query(cgroup, earlier, out int count).OrThrow($"bpf BPF_PROG_QUERY {directory}");
        if (count == 1)
        {
            OwnedFd old = Open(earlier[0]);
            if (!Bpf.Attach(cgroup, program, BpfAttachFlags.AllowMultiple | BpfAttachFlags.Replace, old).Failed)
            {
                return Kept(old, keepReplaced);
            }

            // Kernels before 5.6 cannot, and a program attached without BPF_F_ALLOW_MULTI is none of ours.
            old.Dispose();
        }

        Bpf.Attach(cgroup, program, BpfAttachFlags.AllowMultiple, Fd.None).OrThrow($"bpf BPF_PROG_ATTACH {directory}");
        OwnedFd? last = null;
        foreach (uint id in earlier[..count])
        {
            last?.Dispose();
            last = Open(id);
            Bpf.Detach(cgroup, last).OrThrow($"bpf BPF_PROG_DETACH {directory}");
        }

        return last is null ? null : Kept(last, keepReplaced && count == 1);
    }

    private static OwnedFd? Kept(OwnedFd program, bool keep)
    {
        if (keep)
        {
            return program;
        }

        program.Dispose();
        return null;
    }

    private static OwnedFd Open(uint id) => Bpf.OpenProgram(id).OwnedOrThrow("bpf BPF_PROG_GET_FD_BY_ID");

    private static OwnedFd Load(ReadOnlySpan<BpfInstruction> instructions)
    {
        SyscallResult loaded = Bpf.LoadProgram(instructions, []);
        if (!loaded.Failed)
        {
            return new OwnedFd(loaded.Fd.Number);
        }

        // The verifier's log takes time to write: it is asked for only after a failure.
        var log = new byte[1 << 16];
        SyscallResult again = Bpf.LoadProgram(instructions, log);
        string said = Encoding.UTF8.GetString(log, 0, Math.Max(0, Array.IndexOf(log, (byte)0))).Trim();
        return again.OwnedOrThrow(said.Length == 0 ? "bpf BPF_PROG_LOAD" : $"bpf BPF_PROG_LOAD, verifier: {said.ReplaceLineEndings("; ")}");
    }
}
