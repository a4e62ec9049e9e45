using Hull.Linux;

namespace Hull.Runtime.Tests.Laws;

/// <summary>What a container process may do gets less and less. Each law yields what breaks it.</summary>
internal static class PrivilegeLaws
{
    /// <summary>Nothing after the first loss of capabilities needs what was lost: an operation that is not named here is not allowed there.</summary>
    internal static IEnumerable<string> NothingPrivilegedAfterTheLoss(Example example)
    {
        Operation[] operations = Operations(example);
        int lost = Array.FindIndex(operations, operation => operation is LimitCapabilities or SetUser or SetCapabilities);
        for (int i = lost; i < operations.Length; i++)
        {
            bool needsNothing = operations[i] is LimitCapabilities or SetUser or SetCapabilities or ChangeDirectory or SetUmask or SetNoNewPrivileges
                or FindExecutable or Announce or Await or WaitForStart or RunHook or SetResourceLimit or LoadSeccompFilter or Execute;
            if (!needsNothing)
            {
                yield return $"step {i}, {operations[i].Describe()}, comes after privileges are gone";
            }
        }
    }

    /// <summary>First the bounding set, then the user, then the rest, once each: any other order fails or leaves a way back.</summary>
    internal static IEnumerable<string> LostInOrder(Example example)
    {
        string[] losses = [.. Operations(example).Where(one => one is LimitCapabilities or SetUser or SetCapabilities).Select(one => one.GetType().Name)];
        if (!losses.SequenceEqual([nameof(LimitCapabilities), nameof(SetUser), nameof(SetCapabilities)]))
        {
            yield return $"privileges go in the order {string.Join(", ", losses)}";
        }
    }

    /// <summary>No set is larger than what it comes from.</summary>
    internal static IEnumerable<string> SetsOnlyShrink(Example example)
    {
        bool userNamespace = example.Config.Linux?.Namespaces?.Any(one => one.Type == Oci.NamespaceType.User) == true;
        CapabilitySet possible = userNamespace ? CapabilitySet.UpTo(example.Facts.LastCapability) : example.Facts.Capabilities;
        foreach (SetCapabilities set in Operations(example).OfType<SetCapabilities>())
        {
            if (!IsWithin(set.Permitted, possible) || !IsWithin(set.Inheritable, possible))
            {
                yield return "more is permitted than we have";
            }

            if (!IsWithin(set.Effective, set.Permitted))
            {
                yield return "more is effective than is permitted";
            }

            if (!IsWithin(set.Ambient, set.Permitted & set.Inheritable))
            {
                yield return "more is ambient than is permitted and inheritable";
            }
        }
    }

    /// <summary>A limit that is set without privileges is one that an earlier step, or the host, has made possible.</summary>
    internal static IEnumerable<string> LimitsAreRaisedInTime(Example example)
    {
        ulong ceiling = example.Facts.OpenFilesHard;
        bool lost = false;
        foreach (Operation operation in Operations(example))
        {
            lost |= operation is LimitCapabilities;
            if (operation is SetResourceLimit limit)
            {
                if (lost && (limit.Resource != ResourceLimit.OpenFiles || limit.Hard > ceiling))
                {
                    yield return $"{limit.Describe()} comes after the privilege to do so is gone";
                }

                ceiling = limit.Resource == ResourceLimit.OpenFiles ? limit.Hard : ceiling;
            }
        }
    }

    /// <summary>Nobody in a joined user namespace gets a look at a process of the host's (CVE-2016-9962).</summary>
    internal static IEnumerable<string> UntracedWhereOthersLive(Example example)
    {
        Operation[] operations = Operations(example);
        int joins = Array.FindIndex(operations, one => one is JoinNamespace { Kind: NamespaceKinds.User });
        int forbids = Array.FindIndex(operations, one => one is ClearDumpable);
        int opens = Array.FindIndex(operations, one => one is OpenRootfs);
        if (example.Facts.HasSystemAdministration && joins >= 0 && forbids > joins)
        {
            yield return "the user namespace is joined by a process that can be traced";
        }

        if (forbids < 0 || forbids > opens)
        {
            yield return "the root file system is opened by a process that can be traced";
        }
    }

    private static bool IsWithin(CapabilitySet set, CapabilitySet other) => (set & other) == set;

    private static Operation[] Operations(Example example) => [.. example.Plan!.Container.Select(step => step.Operation)];
}
