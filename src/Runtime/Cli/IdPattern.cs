using System.Globalization;

namespace Hull.Runtime;

/// <summary>
/// An extended regular expression over the names of containers, found anywhere in them unless anchored: letters, <c>.</c>, lists in
/// brackets, <c>* + ? {n,m}</c>, groups, <c>|</c>, <c>^</c> and <c>$</c>. .NET's own would be a tenth of the binary. All states that the text
/// can have led to are followed at once, so that no pattern takes long. regex(7)
/// </summary>
internal sealed class IdPattern
{
    private const int MostStates = 20_000, LongestPattern = 1000;

    private readonly List<State> _states = [];
    private readonly string _pattern;
    private readonly int _start;
    private int _next;

    private IdPattern(string pattern)
    {
        _pattern = pattern;
        if (pattern.Length > LongestPattern)
        {
            throw Refuse("it is too long");
        }

        int end = Add(new State(Kind.End, null, -1, -1));
        _start = Alternatives(end, at: 0, out _next);
        if (_next < pattern.Length)
        {
            throw Refuse("a ) without a (");
        }
    }

    private enum Kind { Letter, Fork, Beginning, Ending, End }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="RuntimeError">It is none; the message says why.</exception>
    public static IdPattern Parse(string pattern) => new(pattern);

    /// <summary>Some part of the text matches.</summary>
    public bool IsIn(string text)
    {
        HashSet<int> now = [];
        for (var at = 0; at <= text.Length; at++)
        {
            // A match may begin at every letter.
            Follow(_start, now, at, text.Length);
            if (now.Any(state => _states[state].Kind == Kind.End))
            {
                return true;
            }

            HashSet<int> then = [];
            foreach (int state in now)
            {
                if (at < text.Length && _states[state] is { Kind: Kind.Letter } one && one.Takes!(text[at]))
                {
                    Follow(one.Next, then, at + 1, text.Length);
                }
            }

            now = then;
        }

        return false;
    }

    /// <summary>Adds a state and those that need no letter to be reached from it.</summary>
    private void Follow(int state, HashSet<int> states, int at, int length)
    {
        var open = new Stack<int>([state]);
        while (open.TryPop(out int next))
        {
            if (next < 0 || !states.Add(next))
            {
                continue;
            }

            State one = _states[next];
            if (one.Kind == Kind.Fork || (one.Kind == Kind.Beginning && at == 0) || (one.Kind == Kind.Ending && at == length))
            {
                open.Push(one.Next);
                open.Push(one.Other);
            }
        }
    }

    /// <summary>Reads from a place on what leads to <paramref name="then"/>.</summary>
    /// <returns>Where it begins.</returns>
    private int Alternatives(int then, int at, out int next)
    {
        int start = Sequence(then, at, out next);
        while (next < _pattern.Length && _pattern[next] == '|')
        {
            start = Add(new State(Kind.Fork, null, start, Sequence(then, next + 1, out next)));
        }

        return start;
    }

    private int Sequence(int then, int at, out int next)
    {
        // The last part leads to what follows, so all parts are found before the first is made.
        List<(int Atom, int End)> parts = [];
        for (next = at; next < _pattern.Length && _pattern[next] is not ('|' or ')');)
        {
            int atom = next;
            next = EndOfAtom(atom);
            parts.Add((atom, next));
            while (next < _pattern.Length && _pattern[next] is '*' or '+' or '?' or '{')
            {
                next = EndOfRepetition(next);
            }
        }

        for (int part = parts.Count - 1, end = next; part >= 0; end = parts[part].Atom, part--)
        {
            then = Repeated(parts[part].Atom, parts[part].End, end, then);
        }

        return then;
    }

    /// <summary>An atom with what stands behind it: how often it may come.</summary>
    private int Repeated(int atom, int operators, int end, int then)
    {
        (int least, int most) = (1, 1);
        for (int at = operators; at < end; at = EndOfRepetition(at))
        {
            (least, most) = _pattern[at] switch
            {
                '*' => (0, -1),
                '+' => (least, -1),
                '?' => (0, most),
                _ => Bounds(at),
            };
        }

        if (most < 0)
        {
            int loop = Add(new State(Kind.Fork, null, -1, then));
            _states[loop] = new State(Kind.Fork, null, Atom(atom, loop), then);
            then = loop;
        }

        for (int copy = least; copy < most; copy++)
        {
            then = Add(new State(Kind.Fork, null, Atom(atom, then), then));
        }

        for (int copy = 0; copy < least; copy++)
        {
            then = Atom(atom, then);
        }

        return then;
    }

    private int Atom(int at, int then)
    {
        switch (_pattern[at])
        {
            case '(':
                return Alternatives(then, at + 1, out _);
            case '[':
                return Add(new State(Kind.Letter, List(at), then, -1));
            case '.':
                return Add(new State(Kind.Letter, _ => true, then, -1));
            case '^':
                return Add(new State(Kind.Beginning, null, then, -1));
            case '$':
                return Add(new State(Kind.Ending, null, then, -1));
            default:
                char letter = _pattern[at] == '\\' ? _pattern[at + 1] : _pattern[at];
                return Add(new State(Kind.Letter, other => other == letter, then, -1));
        }
    }

    private int EndOfAtom(int at)
    {
        switch (_pattern[at])
        {
            case '(':
                return EndOfGroup(at);
            case '[':
                int end = _pattern.IndexOf(']', Math.Min(_pattern.Length, at + (at + 1 < _pattern.Length && _pattern[at + 1] == '^' ? 3 : 2)));
                return end < 0 ? throw Refuse("a [ without a ]") : end + 1;
            case '\\':
                return at + 1 < _pattern.Length ? at + 2 : throw Refuse("nothing behind the last \\");
            case '*' or '+' or '?' or '{':
                throw Refuse($"nothing to repeat before {_pattern[at]}");
            default:
                return at + 1;
        }
    }

    private int EndOfGroup(int at)
    {
        int depth = 0;
        while (at < _pattern.Length)
        {
            depth += _pattern[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return at + 1;
            }

            at = _pattern[at] is '[' or '\\' ? EndOfAtom(at) : at + 1;
        }

        throw Refuse("a ( without a )");
    }

    private int EndOfRepetition(int at)
    {
        int end = _pattern[at] == '{' ? _pattern.IndexOf('}', at) : at;
        return end < 0 ? throw Refuse("a { without a }") : end + 1;
    }

    /// <summary><c>{3}</c>, <c>{3,}</c> or <c>{3,5}</c>.</summary>
    private (int Least, int Most) Bounds(int at)
    {
        string[] ends = _pattern[(at + 1)..(EndOfRepetition(at) - 1)].Split(',');
        bool read = int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int least);
        int most = ends.Length == 1 ? least : -1;
        read &= ends.Length < 3 && (ends.Length == 1 || ends[1].Length == 0 || int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out most));
        return read && least <= ContainerId.MaximumLength && most <= ContainerId.MaximumLength && (most < 0 || most >= least)
            ? (least, most)
            : throw Refuse($"{_pattern[at..EndOfRepetition(at)]} is no number of times");
    }

    /// <summary><c>[a-z.]</c> or <c>[^0-9]</c>.</summary>
    private Func<char, bool> List(int at)
    {
        string inside = _pattern[(at + 1)..(EndOfAtom(at) - 1)];
        bool not = inside.StartsWith('^');
        string members = not ? inside[1..] : inside;
        return letter =>
        {
            bool found = false;
            for (var i = 0; i < members.Length; i++)
            {
                bool range = i + 2 < members.Length && members[i + 1] == '-';
                found |= range ? letter >= members[i] && letter <= members[i + 2] : letter == members[i];
                i += range ? 2 : 0;
            }

            return found != not;
        };
    }

    private int Add(State state)
    {
        _states.Add(state);
        return _states.Count <= MostStates ? _states.Count - 1 : throw Refuse("it is too large");
    }

    private RuntimeError Refuse(string why) => new($"option --regex: {CallerText.Quote(_pattern)} is no regular expression: {why}");

    private readonly record struct State(Kind Kind, Func<char, bool>? Takes, int Next, int Other);
}
