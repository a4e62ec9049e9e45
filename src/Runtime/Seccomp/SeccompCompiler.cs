using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Compiles a profile into a program for seccomp(2): the audit number of the architecture selects a section, the number of the call is
/// found in it by halving, and rules that look at arguments do so at the end of that search. Pure.
/// </summary>
internal static class SeccompCompiler
{
    /// <summary>Where struct seccomp_data holds the architecture.</summary>
    public const uint ArchitectureOffset = 4;

    /// <summary>No call: what a tracer writes so that the call is skipped.</summary>
    public const uint SkippedCall = uint.MaxValue;

    /// <summary>Compiles a profile.</summary>
    /// <param name="profile">What the validator has found valid.</param>
    /// <param name="native">The architecture of this kernel, listed or not (SEC-04).</param>
    /// <param name="path">Where the profile is: <c>linux.seccomp</c>.</param>
    /// <param name="newCallsDoNotExist">
    /// Calls that are newer than all that the profile mentions fail with ENOSYS instead of what the default says, so that programs fall
    /// back to older ones (SEC-09). Only a comparison with libseccomp, which lacks this, switches it off.
    /// </param>
    /// <exception cref="RuntimeError">A property cannot be carried out; the error names it.</exception>
    public static SeccompProgram Compile(
        Oci.Seccomp profile, SeccompArchitecture native, SpecPath path, bool newCallsDoNotExist = true)
    {
        if (profile.DefaultAction == Oci.SeccompAction.Notify)
        {
            throw new Origin(path.Property("defaultAction"), "SECL-05").Refuse("SCMP_ACT_NOTIFY cannot be the default");
        }

        uint defaultAction = FilterAction.Of(profile.DefaultAction, profile.DefaultErrnoRet);
        SpecPath rules = path.Property("syscalls");
        RuleBook book = RuleBook.Of(profile.Syscalls.Items(), defaultAction, rules);
        SeccompFilterFlags flags = Flags(profile.Flags, Notifies(profile), path.Property("flags"));

        uint? newCalls = newCallsDoNotExist && Forbids(profile.DefaultAction) ? FilterAction.NoSuchCall : null;
        FilterInstruction[] program = Assemble(book, ArchitecturesOf(profile.Architectures, native), defaultAction, newCalls);
        if (program.Length > SeccompProgram.MaximumLength)
        {
            throw new Origin(rules, "SEC-06").Refuse(
                $"the rules need {program.Length} instructions, but the kernel takes {SeccompProgram.MaximumLength}");
        }

        return new SeccompProgram(ImmutableCollectionsMarshal.AsImmutableArray(program), flags);
    }

    /// <summary>Not so where the default lets calls pass: then new ones pass as well; nor where a tracer decides about each call.</summary>
    public static bool Forbids(Oci.SeccompAction action) =>
        action is not (Oci.SeccompAction.Allow or Oci.SeccompAction.Log or Oci.SeccompAction.Trace);

    /// <summary>Some rule hands calls on to a listener.</summary>
    public static bool Notifies(Oci.Seccomp profile)
    {
        foreach (SeccompSyscall rule in profile.Syscalls.Items())
        {
            if (rule.Action == Oci.SeccompAction.Notify)
            {
                return true;
            }
        }

        return false;
    }

    private static SeccompFilterFlags Flags(IReadOnlyList<SeccompFlag>? flags, bool notifies, SpecPath path)
    {
        SeccompFilterFlags result = notifies ? SeccompFilterFlags.NewListener : SeccompFilterFlags.None;
        if (flags is null)
        {
            // What runc does where a profile says nothing: the mitigation of speculative store bypass costs a lot and is worth little.
            return result | SeccompFilterFlags.AllowSpeculation;
        }

        for (int i = 0; i < flags.Count; i++)
        {
            result |= flags[i] switch
            {
                SeccompFlag.Log => SeccompFilterFlags.Log,
                SeccompFlag.SpeculationAllow => SeccompFilterFlags.AllowSpeculation,
                SeccompFlag.WaitKillableReceive => notifies ? SeccompFilterFlags.WaitKillable : throw new Origin(path.Index(i), "SEC-05").Refuse(
                    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY"),

                // There is one thread, so nothing to synchronise.
                SeccompFlag.ThreadSync => SeccompFilterFlags.None,
            };
        }

        return result;
    }

    /// <summary>The architectures that calls on this machine can come from, the native one first.</summary>
    public static List<SeccompArchitecture> ArchitecturesOf(IReadOnlyList<SeccompArchitecture>? listed, SeccompArchitecture native)
    {
        var result = new List<SeccompArchitecture>(4) { native };
        foreach (SeccompArchitecture architecture in listed.Items())
        {
            if (Architectures.ShareKernel(architecture, native) && !result.Contains(architecture))
            {
                result.Add(architecture);
            }
        }

        return result;
    }

    private static FilterInstruction[] Assemble(
        RuleBook book, List<SeccompArchitecture> architectures, uint defaultAction, uint? newCalls)
    {
        var assembler = new FilterAssembler();
        int next = assembler.Return(FilterAction.ForeignArchitecture);
        var sections = new List<(uint AuditNumber, int Label)>(architectures.Count);

        // The first one last: what is assembled last is nearest to the beginning.
        for (int i = architectures.Count - 1; i >= 0; i--)
        {
            uint auditNumber = Architectures.AuditNumber(architectures[i]);
            if (architectures.FindIndex(architecture => Architectures.AuditNumber(architecture) == auditNumber) == i)
            {
                sections.Add((auditNumber, Section(auditNumber, book, architectures, defaultAction, newCalls, assembler)));
            }
        }

        foreach ((uint auditNumber, int label) in sections)
        {
            next = assembler.Branch(FilterComparison.Equal, auditNumber, label, next);
        }

        assembler.Load(ArchitectureOffset, next);
        return assembler.ToProgram();
    }

    /// <summary>The part for all architectures that share an audit number: x86-64 and x32, or one.</summary>
    private static int Section(
        uint auditNumber,
        RuleBook book,
        List<SeccompArchitecture> architectures,
        uint defaultAction,
        uint? newCalls,
        FilterAssembler assembler)
    {
        var verdicts = new Verdicts(assembler, defaultAction);
        var ranges = new NumberRanges();

        // Where x86-64 and x32 are not both listed, the other one's half of the numbers is a foreign architecture.
        int foreign = verdicts.Always(FilterAction.ForeignArchitecture);
        ranges.From(0, foreign);
        foreach (NumberSpace space in Spaces(auditNumber, architectures))
        {
            ranges.From(space.First, foreign);
            if (architectures.Contains(space.Architecture))
            {
                CallRanges.Add(space, book, newCalls, verdicts, ranges);
            }
        }

        ranges.From(SkippedCall, verdicts.Otherwise);
        return ranges.Assemble(assembler, verdicts);
    }

    /// <summary>The part of all numbers that a number, other than <see cref="SkippedCall"/>, is in where it comes with an architecture's audit number.</summary>
    public static NumberSpace SpaceOf(SeccompArchitecture architecture, uint number) => Array.Find(
        Spaces(Architectures.AuditNumber(architecture), [architecture]), space => number >= space.First && number <= space.Last);

    /// <summary>How the architectures with an audit number share the numbers among them.</summary>
    private static NumberSpace[] Spaces(uint auditNumber, List<SeccompArchitecture> architectures)
    {
        if (auditNumber == Architectures.AuditNumber(SeccompArchitecture.X64))
        {
            return
            [
                new(SeccompArchitecture.X64, 0, Architectures.X32Bit - 1, 0),
                new(SeccompArchitecture.X32, Architectures.X32Bit, SkippedCall - 1, Architectures.X32Bit),
            ];
        }

        if (auditNumber == Architectures.AuditNumber(SeccompArchitecture.Arm))
        {
            // ARM's private calls are as old as the port: what is newest is asked apart from them.
            return
            [
                new(SeccompArchitecture.Arm, 0, SyscallNumbers.PrivateBase - 1, 0),
                new(SeccompArchitecture.Arm, SyscallNumbers.PrivateBase, SkippedCall - 1, 0),
            ];
        }

        return [new(architectures.Find(architecture => Architectures.AuditNumber(architecture) == auditNumber), 0, SkippedCall - 1, 0)];
    }
}

/// <summary>A compiled profile: what seccomp(2) takes.</summary>
/// <param name="Instructions">The program; <see cref="MaximumLength"/> at most.</param>
/// <param name="Flags">How it is to be loaded (SEC-05).</param>
internal sealed record SeccompProgram(ImmutableArray<FilterInstruction> Instructions, SeccompFilterFlags Flags)
{
    /// <summary>BPF_MAXINSNS: the kernel takes no longer program.</summary>
    public const int MaximumLength = 4096;
}
