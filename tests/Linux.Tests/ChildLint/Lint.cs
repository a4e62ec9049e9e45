using System.Text.RegularExpressions;

namespace Hull.Linux.Tests.ChildLint;

/// <summary>
/// Rule 12 of src/Linux/Child/README.md: the code a container process runs, in machine language, calls nothing but this project's own
/// functions, the system call, and what does nothing (or ends the process) while no garbage is collected. Walks every path from the entry
/// points; a pure function of two texts.
/// </summary>
internal sealed partial class Lint(Listing listing)
{
    /// <summary>.NET hands larger blocks to C's memset and memmove, around which it lets a collection begin: RhpPInvoke.</summary>
    private const ulong LargestBlock = 1024;

    /// <summary>How many instructions before a call its constant argument is looked for.</summary>
    private const int ArgumentDistance = 8;

    private readonly Dictionary<ulong, Function?> _calledFrom = [];
    private readonly List<string> _violations = [];

    /// <summary>What is wrong, each with the path that leads there; and how many functions were looked at.</summary>
    public static (IReadOnlyList<string> Violations, int Functions) Check(Listing listing)
    {
        var lint = new Lint(listing);
        var entries = listing.Functions.Where(function => function.Names.Any(name => Entry().IsMatch(name))).ToList();
        if (!entries.Exists(entry => entry.Names.Any(name => name.EndsWith("_Hull_Linux_Executor__Run", StringComparison.Ordinal))))
        {
            lint._violations.Add("no Executor.Run: not the right binary, or it was inlined");
        }

        lint.Walk(entries);
        return (lint._violations, lint._calledFrom.Count);
    }

    private void Walk(List<Function> entries)
    {
        var next = new Stack<Function>(entries);
        entries.ForEach(entry => _calledFrom[entry.Address] = null);
        while (next.TryPop(out var function))
        {
            for (var i = 0; i < function.Instructions.Count; i++)
            {
                if (Follow(function, i) is { } callee && _calledFrom.TryAdd(callee.Address, function))
                {
                    next.Push(callee);
                }
            }
        }
    }

    /// <summary>The function of ours that an instruction goes to, if it does.</summary>
    private Function? Follow(Function function, int index)
    {
        var instruction = function.Instructions[index];
        if (instruction.Mnemonic is "syscall" or "int")
        {
            Report(function, $"{instruction.Text}: not through Libc.syscall");
            return null;
        }

        if (instruction.Mnemonic != "call" && !instruction.Mnemonic.StartsWith('j'))
        {
            return null;
        }

        if (!Target().IsMatch(instruction.Operands))
        {
            if (!IsSwitch(function, index))
            {
                Report(function, $"an indirect call: {instruction.Text}");
            }

            return null;
        }

        var address = Listing.Hex(instruction.Operands.Split(' ')[0]);
        var callee = listing.At(address);
        if (callee == function)
        {
            return null;
        }

        if (callee is not null && callee.Names.Any(name => Own().IsMatch(name)))
        {
            return callee;
        }

        if (callee is null || !callee.Names.Any(name => Harmless().IsMatch(name) || IsSmallBlock(function, index, name)))
        {
            Report(function, callee?.Names[0] ?? $"an unknown address: {instruction.Text}");
        }

        return null;
    }

    /// <summary>The jump of a switch: a register that was just computed from a table of offsets in the function itself.</summary>
    private static bool IsSwitch(Function function, int index)
    {
        var jump = function.Instructions[index];
        return jump.Mnemonic == "jmp" && index >= 3
            && function.Instructions[index - 1].Text.StartsWith($"add    {jump.Operands},", StringComparison.Ordinal)
            && Enumerable.Range(Math.Max(0, index - 5), 5).Any(i => TableLoad().IsMatch(function.Instructions[i].Text));
    }

    /// <summary>Clearing and copying blocks of a constant and small size, as the compiler does for local variables.</summary>
    private static bool IsSmallBlock(Function function, int index, string name)
    {
        var register = name switch
        {
            "RhSpanHelpers_MemZero" or "S_P_CoreLib_System_SpanHelpers__ClearWithoutReferences" => "esi",
            "RhSpanHelpers_MemCopy" or "S_P_CoreLib_System_SpanHelpers__Memmove" => "edx",
            _ => null,
        };
        for (var i = index - 1; register is not null && i >= Math.Max(0, index - ArgumentDistance); i--)
        {
            var size = Regex.Match(function.Instructions[i].Text, $"^mov    {register},0x([0-9a-f]+)$");
            if (size.Success)
            {
                return Listing.Hex(size.Groups[1].Value) <= LargestBlock;
            }
        }

        return false;
    }

    private void Report(Function function, string what)
    {
        var path = new List<string> { what };
        for (var at = function; at is not null; at = _calledFrom[at.Address])
        {
            path.Insert(0, at.Names.First(name => Own().IsMatch(name)).Replace("Hull_Linux_Hull_Linux_", "", StringComparison.Ordinal));
        }

        _violations.Add(string.Join(" > ", path));
    }

    /// <summary>Where a container process begins. A constructor runs in the host.</summary>
    [GeneratedRegex("_Hull_Linux_(Executor__(?!_ctor)|Clone__BecomeContainer$)")]
    private static partial Regex Entry();

    [GeneratedRegex("^Hull_Linux_")]
    private static partial Regex Own();

    /// <summary>
    /// C's three; the poll, which looks at a flag that a collection sets (rule 3: none may begin while a process is cloned); and what ends the
    /// process: an exception without a handler, a destroyed stack.
    /// </summary>
    [GeneratedRegex(
        "^(syscall|__errno_location|_exit|RhpGcPoll|RhpFallbackFailFast"
        + @"|S_P_CoreLib_(System_ThrowHelper|Internal_Runtime_CompilerHelpers_ThrowHelpers)__Throw\w+)$")]
    private static partial Regex Harmless();

    [GeneratedRegex("^[0-9a-f]+ <|^[0-9a-f]+$")]
    private static partial Regex Target();

    [GeneratedRegex(@"^mov    \w+,DWORD PTR \[\w+\+\w+\*4\]$")]
    private static partial Regex TableLoad();
}
