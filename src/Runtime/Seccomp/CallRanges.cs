using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Which calls of one architecture have rules, by their numbers.</summary>
internal sealed class CallRanges
{
    private readonly RuleBook _book;
    private readonly SeccompArchitecture _architecture;
    private readonly bool _wide;
    private readonly Verdicts _verdicts;
    private readonly List<ulong> _calls = new(SyscallNames.Count);
    private uint? _newest;

    /// <summary>A number and a name that has rules for it.</summary>
    /// <param name="Number">As the filter sees it.</param>
    /// <param name="Name">The place among <see cref="SyscallNames"/>.</param>
    /// <param name="Through">The number is that of socketcall or ipc, and this its first argument for the named call; otherwise 0.</param>
    private readonly record struct Call(uint Number, int Name, uint Through)
    {
        /// <summary>All of it in one number, by which calls are sorted: with a comparison of their own that took most of the time.</summary>
        public ulong Packed => ((ulong)Number << 32) | ((ulong)(uint)Name << 8) | Through;

        // Small, hot, and not put in place by a compiler that is told to make small programs.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Call Unpack(ulong packed) => new((uint)(packed >> 32), (int)((uint)packed >> 8), (byte)packed);
    }

    /// <summary>A rule and its place in the profile.</summary>
    internal readonly record struct PlacedRule(ArgumentRule Rule, int Place);

    private CallRanges(RuleBook book, SeccompArchitecture architecture, Verdicts verdicts)
    {
        _book = book;
        _architecture = architecture;
        _wide = Architectures.IsWide(architecture);
        _verdicts = verdicts;
    }

    /// <summary>Appends the ranges of those numbers of an architecture that are not below the first and not above the last.</summary>
    /// <param name="space">The architecture and the numbers.</param>
    /// <param name="book">The rules.</param>
    /// <param name="newCalls">What happens to a call that is newer than all that the profile mentions (SEC-09); null: what happens to others.</param>
    /// <param name="verdicts">What happens.</param>
    /// <param name="ranges">Where the ranges go.</param>
    public static void Add(NumberSpace space, RuleBook book, uint? newCalls, Verdicts verdicts, NumberRanges ranges)
    {
        var calls = new CallRanges(book, space.Architecture, verdicts);
        calls.Collect(space);
        calls.Sort(space);
        calls.AddTo(space, newCalls, ranges);
    }

    /// <summary>The rules for one number in the order in which they are asked, with those that are never asked left out.</summary>
    /// <param name="isNew">The call is newer than all that the profile mentions (SEC-09).</param>
    public static List<PlacedRule> RulesOf(NumberSpace space, RuleBook book, uint number, out bool isNew)
    {
        var calls = new CallRanges(book, space.Architecture, new Verdicts(new FilterAssembler(), defaultAction: 0));
        calls.Collect(space);
        calls.Sort(space);
        isNew = number > calls._newest;
        var placed = new List<PlacedRule>();
        foreach (ulong packed in calls._calls)
        {
            if (Call.Unpack(packed) is var call && call.Number == number)
            {
                calls.Gather(call, placed);
            }
        }

        int always = placed.FindIndex(rule => rule.Rule.IsUnconditional);
        return always >= 0 ? [placed[always]] : [.. placed.OrderBy(rule => rule.Rule, Comparer<ArgumentRule>.Create((one, other) => one.CompareTo(other)))];
    }

    private void Collect(NumberSpace space)
    {
        ReadOnlySpan<ushort> numbers = Architectures.Numbers(_architecture);
        for (int name = 0; name < numbers.Length; name++)
        {
            if (numbers[name] == SyscallNumbers.Absent || !_book.Mentions(name))
            {
                continue;
            }

            uint number = space.Offset + SyscallNumbers.Decode(numbers[name]);
            if (number >= space.First && number <= space.Last)
            {
                Note(number, name, 0);
            }
        }

        CollectMultiplexed(numbers, ipc: false);
        CollectMultiplexed(numbers, ipc: true);
    }

    private void CollectMultiplexed(ReadOnlySpan<ushort> numbers, bool ipc)
    {
        ushort number = numbers[Multiplexers.Name(ipc)];
        for (int index = 0; index < Multiplexers.Count && number != SyscallNumbers.Absent; index++)
        {
            (string called, bool throughIpc, uint through) = Multiplexers.At(index);
            if (throughIpc == ipc && SyscallNames.IndexOf(called) is int name && _book.Mentions(name))
            {
                Note(number, name, through);
            }
        }
    }

    private void Note(uint number, int name, uint through)
    {
        _newest = Math.Max(_newest ?? 0, number);
        if (_book.Has(name))
        {
            _calls.Add(new Call(number, name, through).Packed);
        }
    }

    /// <summary>
    /// By number, by counting how many calls each number has, and then by name among the few that share one. The general sort of a list
    /// takes many times as long, and was a fifth of all that the compiler did.
    /// </summary>
    private void Sort(NumberSpace space)
    {
        Span<ulong> calls = CollectionsMarshal.AsSpan(_calls);
        Span<ulong> unsorted = stackalloc ulong[SyscallNames.Count + Multiplexers.Count];
        unsorted = unsorted[..calls.Length];
        calls.CopyTo(unsorted);
        Span<int> places = new int[(_newest ?? space.First) - space.First + 1];
        foreach (ulong call in unsorted)
        {
            places[(int)((uint)(call >> 32) - space.First)]++;
        }

        int next = 0;
        for (int number = 0; number < places.Length; number++)
        {
            int count = places[number];
            places[number] = next;
            next += count;
        }

        foreach (ulong call in unsorted)
        {
            calls[places[(int)((uint)(call >> 32) - space.First)]++] = call;
        }

        for (int i = 1; i < calls.Length; i++)
        {
            ulong call = calls[i];
            int place = i;
            for (; place > 0 && calls[place - 1] > call; place--)
            {
                calls[place] = calls[place - 1];
            }

            calls[place] = call;
        }
    }

    private void AddTo(NumberSpace space, uint? newCalls, NumberRanges ranges)
    {
        int otherwise = _verdicts.Otherwise;
        int unknown = newCalls is { } action && _newest is not null ? _verdicts.Always(action) : otherwise;
        ranges.From(space.First, otherwise);
        if (_architecture is SeccompArchitecture.S390 or SeccompArchitecture.S390X)
        {
            // Large numbers travel in a register beside call 0; one that the kernel does not know arrives here as that 0.
            ranges.From(0, unknown);
            ranges.From(1, otherwise);
        }

        for (int begin = 0, end; begin < _calls.Count; begin = end)
        {
            uint number = Call.Unpack(_calls[begin]).Number;
            for (end = begin + 1; end < _calls.Count && Call.Unpack(_calls[end]).Number == number; end++)
            {
            }

            ranges.From(number, VerdictOf(begin, end));
            ranges.From(number + 1, otherwise);
        }

        if (_newest is { } newest)
        {
            ranges.From(newest + 1, unknown);
        }
    }

    /// <summary>Several names may lead to one number: aliases, and all that goes through socketcall or ipc.</summary>
    private int VerdictOf(int begin, int end)
    {
        Call call = Call.Unpack(_calls[begin]);
        RuleBook.Entry first = _book.First(call.Name);
        if (end - begin == 1 && call.Through == 0 && first.Rule.IsUnconditional)
        {
            return _verdicts.Always(first.Rule.Action);
        }

        var placed = new List<PlacedRule>();
        for (int i = begin; i < end; i++)
        {
            Gather(Call.Unpack(_calls[i]), placed);
        }

        var rules = new List<ArgumentRule>(placed.Count);
        foreach (PlacedRule rule in placed)
        {
            rules.Add(rule.Rule);
        }

        return _verdicts.Of(rules, _architecture);
    }

    /// <summary>Adds the rules for a call, keeping all in the order of the profile.</summary>
    private void Gather(Call call, List<PlacedRule> placed)
    {
        int at = 0;
        for (RuleBook.Entry? entry = _book.First(call.Name); entry is { } found; entry = _book.After(found))
        {
            ArgumentRule rule = call.Through == 0 ? found.Rule : Multiplexers.Through(found.Rule, call.Through);
            while (at < placed.Count && placed[at].Place <= found.Place)
            {
                at++;
            }

            placed.Insert(at, new PlacedRule(_wide ? rule : rule.Narrowed, found.Place));
        }
    }
}

/// <summary>A part of all numbers in which the calls of one architecture are.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="First">The first number.</param>
/// <param name="Last">The last one.</param>
/// <param name="Offset">What must be added to the numbers of its table.</param>
internal readonly record struct NumberSpace(SeccompArchitecture Architecture, uint First, uint Last, uint Offset);
