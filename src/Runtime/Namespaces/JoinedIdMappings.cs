using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Mappings that a configuration gives for a user namespace that is joined (UMAP-03): the kernel takes none for it, so they must be those that it
/// has, as runc demands too. With others, owners of files and cgroups would be taken for those of other users.
/// </summary>
internal static class JoinedIdMappings
{
    /// <summary>Compares.</summary>
    /// <param name="require">What the namespace must have.</param>
    /// <param name="userNamespace">The namespace, open.</param>
    /// <exception cref="RuntimeError">It has other mappings; the message has both.</exception>
    public static void Require(RequireIdMappings require, Fd userNamespace)
    {
        // A map is told of processes, not of namespaces: as seen from ours, which is the host that the configuration means.
        var slots = new Slots { [Slot.UserNamespace] = userNamespace };
        using var channel = new HostChannel(slots);
        ClonedProcess inside = Clone.Start(
            [new ClearDumpable(), new JoinNamespace(Slot.UserNamespace, NamespaceKinds.User), new Announce(Checkpoint.IdMapped), new Await(Checkpoint.Recorded)],
            slots,
            new CloneContext(NamespaceKinds.None, [], Fd.None));
        using OwnedFd process = inside.Process;
        channel.CloseFarEnd();
        try
        {
            Report? report = channel.Receive();
            if (report is not { Kind: ReportKind.Checkpoint })
            {
                throw new KernelException($"setns {require.Path}", report?.Errno ?? Errno.ESRCH);
            }

            Compare(inside.Pid, "uid", "users", require.Path, require.UserIds);
            Compare(inside.Pid, "gid", "groups", require.Path, require.GroupIds);
        }
        finally
        {
            ProcessEnd.Kill(inside);
        }
    }

    /// <summary>Both map the same ids to the same ids, in whatever order and pieces.</summary>
    internal static bool AreSame(IEnumerable<IdMapping> one, IEnumerable<IdMapping> other) => Merged(one).SequenceEqual(Merged(other));

    /// <summary>Reads <c>/proc/PID/uid_map</c>: lines of three numbers.</summary>
    internal static ImmutableArray<IdMapping> Parse(string map)
    {
        var mappings = ImmutableArray.CreateBuilder<IdMapping>();
        foreach (string line in map.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            mappings.Add(new IdMapping { ContainerId = Number(numbers[0]), HostId = Number(numbers[1]), Size = Number(numbers[2]) });
        }

        return mappings.ToImmutable();
    }

    private static void Compare(int pid, string kind, string ids, string path, ImmutableArray<IdMapping> wanted)
    {
        ImmutableArray<IdMapping> found = Parse(HostFiles.ReadText(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{kind}_map")));
        if (!wanted.IsEmpty && !AreSame(wanted, found))
        {
            string has = found.IsEmpty ? $"maps no {ids}" : $"maps {ids} {MountOwners.Describe(found)}";
            throw new RuntimeError($"the user namespace {path} {has}, not {MountOwners.Describe(wanted)}")
            {
                Property = $"linux.{kind}Mappings",
                Hint = "give the namespace's own mappings, or none: those of a namespace that is joined cannot be changed",
            };
        }
    }

    private static List<IdMapping> Merged(IEnumerable<IdMapping> mappings)
    {
        List<IdMapping> merged = [];
        foreach (IdMapping next in mappings.OrderBy(mapping => mapping.ContainerId))
        {
            if (merged.Count > 0 && merged[^1] is var last && next.ContainerId - last.ContainerId == last.Size && next.HostId - last.HostId == last.Size)
            {
                merged[^1] = last with { Size = last.Size + next.Size };
            }
            else
            {
                merged.Add(next);
            }
        }

        return merged;
    }

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
