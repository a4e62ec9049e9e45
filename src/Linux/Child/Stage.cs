namespace Hull.Linux;

/// <summary>The part of an operation that failed; <see cref="StageText"/> names it in messages.</summary>
public enum Stage
{
    /// <summary>The operation's one system call.</summary>
    Whole,

    /// <summary>Opening the place inside the container.</summary>
    OpenDestination,

    /// <summary>Making a directory or file that is missing inside the container.</summary>
    MakeDestination,

    /// <summary>Opening the source of a mount.</summary>
    OpenSource,

    /// <summary>The kernel does not know the file system.</summary>
    OpenFilesystem,

    /// <summary>The file system refuses a parameter; the value is the parameter's index.</summary>
    SetParameter,

    /// <summary>The file system refuses to be made; the text is its own message.</summary>
    CreateFilesystem,

    /// <summary>Making a mount of the file system.</summary>
    MakeMount,

    /// <summary>Attaching the mount.</summary>
    AttachMount,

    /// <summary>Changing the mount's attributes.</summary>
    SetAttributes,

    /// <summary>The file at the path is not the device that was asked for.</summary>
    DeviceDiffers,

    /// <summary>Changing the owner.</summary>
    ChangeOwner,

    /// <summary>The current directory is outside the container's root.</summary>
    DirectoryOutside,

    /// <summary>The limit reads back differently.</summary>
    LimitDiffers,

    /// <summary>Starting the hook's process.</summary>
    StartHook,

    /// <summary>The hook ended with this wait status; the text is the end of its output.</summary>
    HookFailed,

    /// <summary>The hook took too long and was killed.</summary>
    HookTimedOut,

    /// <summary>Changing the root.</summary>
    ChangeRoot,

    /// <summary>Leaving the old root.</summary>
    LeaveOldRoot,

    /// <summary>Setting supplementary groups.</summary>
    SetGroups,

    /// <summary>Setting the group.</summary>
    SetGroup,

    /// <summary>Setting the user.</summary>
    SetUser,

    /// <summary>A node of the host is another device than it must be.</summary>
    NotVerified,

    /// <summary>Opening a new pseudo-terminal of the container.</summary>
    OpenTerminal,

    /// <summary>What should be the container's pseudo-terminal is another file.</summary>
    TerminalNotVerified,

    /// <summary>Opening the program's side of the terminal and giving it its size.</summary>
    PrepareTerminal,

    /// <summary>Making it the controlling terminal and the standard streams.</summary>
    TakeTerminal,

    /// <summary>Sending the other side to the host.</summary>
    HandOver,

    /// <summary>A link in the image leads the mount into the container's procfs.</summary>
    LeadsIntoProc,

    /// <summary>Mapping the owners of the mount.</summary>
    MapOwners,

    /// <summary>Copying what the mount covers.</summary>
    CopyUp,

    /// <summary>Reconfiguring the file system; the text is its own message.</summary>
    Reconfigure,

    /// <summary>Labelling the root of the file system.</summary>
    Label,

    /// <summary>The source must be the root of a procfs and is another file.</summary>
    NotProcfs,

    /// <summary>The place must be a directory that no link of the image leads to.</summary>
    NotOrdinaryDirectory,

    /// <summary>Of a warning: a node of the host keeps its mode and owner. The value is the mode, the pid the owner and, from bit 32 on, the group.</summary>
    HostsOwner,

    /// <summary>The program's file is on a mount with noexec; the text is where that is mounted.</summary>
    NoExecuteMount,

    /// <summary>What is mounted at the place is not the mount that is meant.</summary>
    OtherMount,
}

/// <summary>Host side: the stages in messages.</summary>
public static class StageText
{
    /// <summary>
    /// The part of the operation that failed, as a message names it after the operation's own sentence. Empty where the sentence says it
    /// all, and for a hook, whose failure has a message of its own.
    /// </summary>
    public static string Describe(this Stage stage) => stage switch
    {
        Stage.Whole => "",
        Stage.OpenDestination => "open the place",
        Stage.MakeDestination => "make the missing place",
        Stage.OpenSource => "open the source",
        Stage.OpenFilesystem => "the file system is not known",
        Stage.SetParameter => "set option",
        Stage.CreateFilesystem => "make the file system",
        Stage.MakeMount => "make the mount",
        Stage.AttachMount => "attach the mount",
        Stage.SetAttributes => "set the mount's attributes",
        Stage.DeviceDiffers => "something else is there already",
        Stage.ChangeOwner => "change the owner",
        Stage.DirectoryOutside => "it is outside of the container's root",
        Stage.OtherMount => "something else is mounted there now",
        Stage.LimitDiffers => "it reads back differently",
        Stage.StartHook => "",
        Stage.HookFailed => "",
        Stage.HookTimedOut => "",
        Stage.ChangeRoot => "change the root",
        Stage.LeaveOldRoot => "leave the old root",
        Stage.SetGroups => "set the other groups",
        Stage.SetGroup => "set the group",
        Stage.SetUser => "set the user",
        Stage.NotVerified => "the host's node is another device",
        Stage.OpenTerminal => "open a new one",
        Stage.TerminalNotVerified => "something else is there",
        Stage.PrepareTerminal => "prepare it",
        Stage.TakeTerminal => "make it the controlling terminal",
        Stage.HandOver => "pass it to the host",
        Stage.LeadsIntoProc => "it cannot be mounted because a link in the image leads it inside /proc",
        Stage.MapOwners => "map the owners",
        Stage.CopyUp => "copy what it covers",
        Stage.Reconfigure => "change the file system",
        Stage.Label => "label it",
        Stage.NotProcfs => "it is no procfs",
        Stage.HostsOwner => "the host's node is shown and keeps its own",
        Stage.NoExecuteMount => "it is on a mount with noexec",
        Stage.NotOrdinaryDirectory => "it must be mounted on ordinary directory",
    };
}
