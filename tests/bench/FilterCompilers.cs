using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hull.Linux;
using Hull.Oci;
using Hull.Runtime;

namespace Hull.Bench;

/// <summary>
/// From a profile that is parsed to a filter that is loaded, by us and by libseccomp as runc uses it, in one process. A filter is for a
/// thread, and for ever: each is loaded by a thread of its own.
/// </summary>
internal static class FilterCompilers
{
    private const string Library = "libseccomp.so.2";
    private const int UnknownName = -1;
    private const int OptimizeAttribute = 8;
    private const int WarmUp = 10;
    private const int Turns = 5;

    [StructLayout(LayoutKind.Sequential)]
    private struct Comparison
    {
        public uint Argument;
        public int Operator;
        public ulong First;
        public ulong Second;
    }

    public static void Compare(byte[] config, int rounds)
    {
        var profile = ConfigDocument.Parse(config).Value!.Linux!.Seccomp!;
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            Console.WriteLine("  libseccomp2 is not there: nothing to compare with\n");
            return;
        }

        List<double> ours = [], compiled = [], theirs = [], firstOfOurs = [], firstOfTheirs = [];
        for (var round = -WarmUp; round < rounds; round++)
        {
            // In turns, several times each: the first finds what the other one has left in the caches, the others what a busy host has.
            for (var turn = 0; turn < Turns; turn++)
            {
                var (whole, compiling) = OnThread(() => LoadOurs(profile));
                Keep(round, turn == 0 ? firstOfOurs : ours, whole);
                Keep(round, compiled, compiling);
            }

            for (var turn = 0; turn < Turns; turn++)
            {
                Keep(round, turn == 0 ? firstOfTheirs : theirs, OnThread(() => LoadTheirs(profile)).Item1);
            }
        }

        Print("hull", ours, theirs);
        Print("  compiling only", compiled, theirs);
        Print("libseccomp", theirs, theirs);
        Print("hull, cold caches", firstOfOurs, firstOfTheirs);
        Console.WriteLine();
    }

    private static void Keep(int round, List<double> samples, double sample)
    {
        if (round >= 0)
        {
            samples.Add(sample);
        }
    }

    private static (double Whole, double Compiling) LoadOurs(Oci.Seccomp profile)
    {
        var begin = Stopwatch.GetTimestamp();
        var program = SeccompCompiler.Compile(profile, Architectures.Native, Origins.Linux("seccomp", "").Path);
        var compiled = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
        Hull.Linux.Seccomp.SetFilter(new FilterProgram(program.Instructions.AsSpan()), program.Flags).OrThrow("seccomp");
        return (Stopwatch.GetElapsedTime(begin).TotalMicroseconds, compiled);
    }

    private static (double Whole, double Compiling) LoadTheirs(Oci.Seccomp profile)
    {
        var begin = Stopwatch.GetTimestamp();
        var defaultAction = FilterAction.Of(profile.DefaultAction, profile.DefaultErrnoRet);
        var context = seccomp_init(defaultAction);
        foreach (var architecture in profile.Architectures ?? [])
        {
            _ = seccomp_arch_add(context, architecture == SeccompArchitecture.X32 ? 0x4000003E : Architectures.AuditNumber(architecture));
        }

        _ = seccomp_attr_set(context, OptimizeAttribute, 2);
        foreach (var rule in profile.Syscalls ?? [])
        {
            var action = FilterAction.Of(rule.Action, rule.ErrnoRet);
            var comparisons = (rule.Args ?? []).Select(argument => new Comparison
            {
                Argument = argument.Index, Operator = (int)argument.Op + 1, First = argument.Value, Second = argument.ValueTwo ?? 0,
            }).ToArray();
            foreach (var name in rule.Names)
            {
                var number = seccomp_syscall_resolve_name(name);
                if (number != UnknownName && action != defaultAction)
                {
                    _ = seccomp_rule_add_array(context, action, number, (uint)comparisons.Length, comparisons);
                }
            }
        }

        if (seccomp_load(context) != 0)
        {
            throw new InvalidOperationException("libseccomp could not load the filter");
        }

        seccomp_release(context);
        return (Stopwatch.GetElapsedTime(begin).TotalMicroseconds, 0);
    }

    private static (double, double) OnThread(Func<(double, double)> load)
    {
        (double, double) result = default;
        var thread = new Thread(() => result = load());
        thread.Start();
        thread.Join();
        return result;
    }

    private static void Print(string name, List<double> samples, List<double> reference)
    {
        samples.Sort();
        reference.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-20}{"median us",10}{samples[samples.Count / 2],10:F1}{"min us",10}{samples[0],10:F1}{"x libseccomp",14}{samples[samples.Count / 2] / reference[reference.Count / 2],8:F3}"));
    }

#pragma warning disable SYSLIB1054
    [DllImport(Library)] private static extern nint seccomp_init(uint action);
    [DllImport(Library)] private static extern void seccomp_release(nint context);
    [DllImport(Library)] private static extern int seccomp_load(nint context);
    [DllImport(Library)] private static extern int seccomp_arch_add(nint context, uint token);
    [DllImport(Library)] private static extern int seccomp_attr_set(nint context, int attribute, uint value);
    [DllImport(Library)] private static extern int seccomp_rule_add_array(nint context, uint action, int syscall, uint count, Comparison[] comparisons);
    [DllImport(Library, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int seccomp_syscall_resolve_name(string name);
#pragma warning restore SYSLIB1054
}
