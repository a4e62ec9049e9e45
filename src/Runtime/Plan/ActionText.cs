using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Actions of the host in words: the lines of <c>hull plan</c>, and the middle of every error.</summary>
internal static class ActionText
{
    public static string Describe(HostAction action) => action switch
    {
        OpenNamespace open => $"open the {OperationText.Describe(open.Kind)} namespace {open.Path}{(open.MustBeAnother ? ", which must not be ours" : "")}",
        OpenProcessFilesystem => "open the host's /proc",
        RequireSecurityModule require => $"make sure that {NameOf(require.Module)} is enabled",
        SetScheduler set => $"schedule the container process: {Describe(set.Attributes)}",
        SetIoPriority set => string.Create(CultureInfo.InvariantCulture, $"set the I/O priority to {set.Class} {set.Level}"),
        MoveNetworkDevice move => $"move network interface {move.Name} into the container{(move.NameInside == move.Name ? "" : $" as {move.NameInside}")}",
        MakeResctrlGroup make => $"{Describe(make.Request)} {NameOfClass(make.Class)}{(make.Schemata.IsEmpty ? "" : $" with {string.Join(" ", make.Schemata)}")}",
        MakeMonitoringGroup make => $"make monitoring group {make.Name} in {NameOfClass(make.Class)}",
        EnterResctrlGroup enter => $"put the container process into {NameOfClass(enter.Class)}{(enter.Monitoring is null ? "" : $" and its monitoring group {enter.Monitoring}")}",
        MakeCgroup make => $"make cgroup {make.Directory}{(make.Controllers.IsEmpty ? "" : $" with {string.Join(" ", make.Controllers)}")}",
        StartUnit start => $"let {(start.OfUser ? "the user's systemd" : "systemd")} start unit {start.Unit}{(start.TakesProcess ? " with the container process" : "")}: {string.Join("; ", start.Properties)}",
        InheritCpuset cpuset => $"give cgroup {cpuset.Mount}{cpuset.Path} its parent's processors and memory nodes",
        WriteCgroupFile { Otherwise: { } other } write => $"{Describe(write with { Otherwise = null })}, or \"{other.Value}\" to {other.File} if there is none",
        WriteCgroupFile write => $"write \"{write.Value.TrimEnd('\n')}\" to {write.Directory}/{write.File}",
        DelegateCgroup owned => string.Create(CultureInfo.InvariantCulture, $"give cgroup {owned.Directory} to user {owned.UserId}"),
        CheckMemoryUsage check => $"see that cgroup {check.Directory} uses less memory than it may",
        AttachDeviceFilter filter => string.Create(CultureInfo.InvariantCulture, $"filter devices of cgroup {filter.Directory}: {filter.Rules} {(filter.Rules == 1 ? "rule" : "rules")}"),
        EnterCgroups enter => $"put the container process into {enter.Directories.Length} {(enter.Directories.Length == 1 ? "cgroup" : "cgroups")}: {string.Join(" ", enter.Directories)}",
        OpenStartSocket => "open the gate for start",
        PrepareHookState prepare => $"prepare the state that {Describe(prepare.Slot)} hooks read",
        WriteHookState write => $"write the state that {Describe(write.Slot)} hooks read: {write.Status.ToString().ToLowerInvariant()}",
        AwaitContainer wait => $"wait for the container process: {OperationText.Describe(wait.Checkpoint)}",
        TellContainer tell => $"tell the container process: {OperationText.Describe(tell.Checkpoint)}",
        WriteIdMappings mappings => $"map users {Describe(mappings.UserIds)} and groups {Describe(mappings.GroupIds)}",
        OpenMountHelper => "make a way to lend mounts",
        ServeMounts lend => $"lend {string.Join(", ", lend.Mounts.Select(Describe))}",
        SetOomScoreAdjustment score => string.Create(CultureInfo.InvariantCulture, $"set the OOM score adjustment to {score.Value}"),
        RunHooks run => $"run {run.Hooks.Length} {HookKinds.NameOf(run.Kind)} {(run.Hooks.Length == 1 ? "hook" : "hooks")}: {string.Join(" ", run.Hooks.Select(hook => hook.Path))}",
        ConnectConsole connect => $"connect to the console socket {connect.Socket}",
        SendConsole => "send the terminal to the console socket",
        AdoptConsole adopt => $"serve the terminal ourselves{(adopt.TakeSize ? ", with the size of our own" : "")}",
        PrepareSeccompHandshake silent => $"make a page of memory for what the container process says once it may call nothing{(silent.Traceable ? ", and let us look into it then" : "")}",
        FindListener find => $"look whether a seccomp agent listens on {find.Path}",
        ConnectListener connect => $"connect to the seccomp agent on {connect.Listener.Path}",
        ConnectPidfdSocket connect => $"connect to the pidfd socket {connect.Socket}",
        SendPidfd => "send a pidfd to the pidfd socket",
        RecordProcess => "record the process",
        SetInitialAffinity affinity => $"run on processors {affinity.List}",
        RecordContainer => "record the container",
        AwaitProgram => "wait until the program runs",
        _ => action.GetType().Name,
    };

    private static string Describe(HostMount lent)
    {
        string owners = lent.Owners is not { } mapped ? ""
            : mapped.UserIds.IsEmpty ? "owners mapped as in the container"
            : $"users {Describe(mapped.UserIds)} and groups {Describe(mapped.GroupIds)} mapped";
        string text = lent.Source is null ? owners : $"{lent.Source}{(owners.Length == 0 ? "" : $" ({owners}{(lent.Owners!.Below ? ", also below" : "")})")}";
        return lent.FromHost ? $"{text} of the host" : text;
    }

    /// <summary>The module as its makers write it.</summary>
    public static string NameOf(SecurityModule module) => module == SecurityModule.AppArmor ? "AppArmor" : "SELinux";

    private static string Describe(SchedulingAttributes attributes)
    {
        string numbers = attributes.Policy switch
        {
            SchedulingPolicy.Deadline =>
                string.Create(CultureInfo.InvariantCulture, $", runtime {attributes.Runtime}, deadline {attributes.Deadline}, period {attributes.Period}"),
            SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin => string.Create(CultureInfo.InvariantCulture, $", priority {attributes.Priority}"),
            _ => string.Create(CultureInfo.InvariantCulture, $", nice {attributes.Nice}"),
        };
        return $"{attributes.Policy}{numbers}{(attributes.Flags == SchedulingFlags.None ? "" : $" ({attributes.Flags})")}";
    }

    private static string NameOfClass(string name) => name.Length == 0 ? "the default class of resctrl" : $"class {name} of resctrl";

    private static string Describe(ResctrlClass request) => request switch
    {
        ResctrlClass.Own => "make",
        ResctrlClass.Shared => "make, or find as it should be,",
        _ => "find",
    };

    private static string Describe(Slot slot) => slot == Slot.CreateContainerState ? "createContainer" : "startContainer";

    private static string Describe(System.Collections.Immutable.ImmutableArray<Oci.IdMapping> mappings) =>
        string.Join(", ", mappings.Select(mapping => $"{mapping.ContainerId}+{mapping.Size} to {mapping.HostId}"));
}
