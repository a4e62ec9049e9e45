using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hull.Linux;
using Hull.Oci;
using Hull.Skipping;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>The oracle: Debian's libseccomp2, used as runc uses it. Only the tests ever load it.</summary>
internal static class Libseccomp
{
    private const string Library = "libseccomp.so.2";
    private const uint X32Token = 0x4000003E;
    private const int UnknownName = -1;
    private const int OptimizeAttribute = 8;

    /// <summary>
    /// The search tree that runc asks for as well. Without it libseccomp 2.5.4 forgets to load the number of the call when the first rule is
    /// for a call that the architecture lacks, and every call then gets the default.
    /// </summary>
    private const uint BinaryTree = 2;

    /// <summary>struct scmp_arg_cmp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Comparison
    {
        public uint Argument;
        public int Operator;
        public ulong First;
        public ulong Second;
    }

    public static bool IsThere => NativeLibrary.TryLoad(Library, out _);

    public static void Require() => Skip.Unless(IsThere, "needs libseccomp2");

    /// <summary>Programs can be made for the architecture.</summary>
    public static bool Accepts(SeccompArchitecture architecture)
    {
        var context = seccomp_init(FilterAction.Of(Oci.SeccompAction.Allow, null));
        var removed = seccomp_arch_remove(context, Token(SeccompArchitecture.X64));
        var added = seccomp_arch_add(context, Token(architecture));
        seccomp_release(context);
        return removed == 0 && added == 0;
    }

    /// <summary>The number of a call; null when that architecture has none of its own.</summary>
    public static uint? NumberOf(SeccompArchitecture architecture, string name)
    {
        var number = seccomp_syscall_resolve_name_arch(Token(architecture), name);
        return number < 0 ? null : (uint)number;
    }

    /// <summary>The call goes through socketcall or ipc there: then libseccomp does not say its own number.</summary>
    public static bool Multiplexes(SeccompArchitecture architecture, string name) =>
        seccomp_syscall_resolve_name_arch(Token(architecture), name) is <= -100 and >= -224;

    /// <summary>
    /// Whether libseccomp has heard of the name, and finds its way back: for other architectures it translates through made-up numbers, of
    /// which some belong to two names.
    /// </summary>
    public static bool Knows(string name) =>
        seccomp_syscall_resolve_name(name) is not UnknownName and var number
        && Marshal.PtrToStringAnsi(seccomp_syscall_resolve_num_arch(Token(SeccompArchitecture.X64), number)) == name;

    /// <summary>The program for a profile; null when libseccomp refuses the profile.</summary>
    public static FilterInstruction[]? Compile(Oci.Seccomp profile, SeccompArchitecture native)
    {
        var defaultAction = FilterAction.Of(profile.DefaultAction, profile.DefaultErrnoRet);
        var context = seccomp_init(defaultAction);
        try
        {
            if (native != SeccompArchitecture.X64)
            {
                Must(seccomp_arch_remove(context, Token(SeccompArchitecture.X64)));
                Must(seccomp_arch_add(context, Token(native)));
            }

            foreach (var architecture in (profile.Architectures ?? []).Where(architecture => architecture != native).Distinct())
            {
                Must(seccomp_arch_add(context, Token(architecture)));
            }

            Must(seccomp_attr_set(context, OptimizeAttribute, BinaryTree));
            return AddRules(context, profile, defaultAction) ? Export(context, profile, Architectures.IsBigEndian(native)) : null;
        }
        finally
        {
            seccomp_release(context);
        }
    }

    private static bool AddRules(nint context, Oci.Seccomp profile, uint defaultAction)
    {
        foreach (var syscall in profile.Syscalls ?? [])
        {
            var action = FilterAction.Of(syscall.Action, syscall.ErrnoRet);
            foreach (var number in syscall.Names.Select(seccomp_syscall_resolve_name).Where(number => number != UnknownName))
            {
                if (action != defaultAction && !AddRule(context, action, number, syscall.Args ?? []))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>As libcontainer/seccomp/seccomp_linux.go does: an argument with several conditions makes each a rule of its own.</summary>
    private static bool AddRule(nint context, uint action, int number, IReadOnlyList<SeccompArgument> arguments)
    {
        var comparisons = arguments.Select(argument => new Comparison
        {
            Argument = argument.Index,
            Operator = (int)argument.Op + 1,
            First = argument.Value,
            Second = argument.ValueTwo ?? 0,
        }).ToArray();
        return arguments.DistinctBy(argument => argument.Index).Count() == arguments.Count
            ? seccomp_rule_add_array(context, action, number, (uint)comparisons.Length, comparisons) == 0
            : comparisons.All(comparison => seccomp_rule_add_array(context, action, number, 1, [comparison]) == 0);
    }

    private static FilterInstruction[] Export(nint context, Oci.Seccomp profile, bool bigEndian)
    {
        var path = Path.GetTempFileName();
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        Must(seccomp_export_bpf(context, (int)file.SafeFileHandle.DangerousGetHandle()));
        file.Seek(0, SeekOrigin.Begin);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var program = new FilterInstruction[bytes.Length / 8];
        for (var i = 0; i < program.Length; i++)
        {
            var one = bytes.AsSpan(i * 8, 8);
            program[i] = bigEndian
                ? Repaired(new(BinaryPrimitives.ReadUInt16BigEndian(one), one[2], one[3], BinaryPrimitives.ReadUInt32BigEndian(one[4..])), profile)
                : new(BinaryPrimitives.ReadUInt16LittleEndian(one), one[2], one[3], BinaryPrimitives.ReadUInt32LittleEndian(one[4..]));
        }

        return program;
    }

    /// <summary>A return that libseccomp repeats, because the first one is too far away, has its bytes turned twice: seen only when crossing.</summary>
    private static FilterInstruction Repaired(FilterInstruction instruction, Oci.Seccomp profile)
    {
        var actions = (profile.Syscalls ?? []).Select(rule => FilterAction.Of(rule.Action, rule.ErrnoRet))
            .Append(FilterAction.Of(profile.DefaultAction, profile.DefaultErrnoRet)).Append(FilterAction.ForeignArchitecture);
        var turned = BinaryPrimitives.ReverseEndianness(instruction.Operand);
        return instruction.Code == 0x06 && !actions.Contains(instruction.Operand) && actions.Contains(turned)
            ? new FilterInstruction(instruction.Code, 0, 0, turned)
            : instruction;
    }

    private static uint Token(SeccompArchitecture architecture) =>
        architecture == SeccompArchitecture.X32 ? X32Token : Architectures.AuditNumber(architecture);

    private static void Must(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"libseccomp says {result}");
        }
    }

#pragma warning disable SYSLIB1054
    [DllImport(Library)] private static extern nint seccomp_init(uint action);
    [DllImport(Library)] private static extern void seccomp_release(nint context);
    [DllImport(Library)] private static extern int seccomp_arch_add(nint context, uint token);
    [DllImport(Library)] private static extern int seccomp_arch_remove(nint context, uint token);
    [DllImport(Library, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int seccomp_syscall_resolve_name(string name);
    [DllImport(Library, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int seccomp_syscall_resolve_name_arch(uint token, string name);
    [DllImport(Library)] private static extern nint seccomp_syscall_resolve_num_arch(uint token, int number);
    [DllImport(Library)] private static extern int seccomp_rule_add_array(nint context, uint action, int syscall, uint count, Comparison[] comparisons);
    [DllImport(Library)] private static extern int seccomp_attr_set(nint context, int attribute, uint value);
    [DllImport(Library)] private static extern int seccomp_export_bpf(nint context, int descriptor);
#pragma warning restore SYSLIB1054
}
