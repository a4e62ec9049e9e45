using System.Text.RegularExpressions;

namespace Hull.EndToEnd.Tests.Faults;

/// <summary>One system call of an undisturbed operation. strace counts each kind for itself, so it is known by its name and its number among those.</summary>
internal sealed partial record TracedCall(string Name, int Number)
{
    /// <summary>
    /// The calls of the runtime process. Those before the first that names the bundle are the language runtime's own start, which is not
    /// what is tested.
    /// </summary>
    /// <param name="lines">What strace wrote without -f.</param>
    /// <param name="mark">What only calls of our own name.</param>
    public static IEnumerable<TracedCall> OfRuntime(IEnumerable<string> lines, string mark)
    {
        var counts = new Dictionary<string, int>();
        var isOwn = false;
        foreach (var line in lines.Where(line => CallName().IsMatch(line)))
        {
            var call = Count(counts, CallName().Match(line).Value);
            isOwn = !IsExecution(call.Name) && (isOwn || line.Contains(mark, StringComparison.Ordinal));
            if (isOwn)
            {
                yield return call;
            }
        }
    }

    /// <summary>
    /// The calls of the container process until it becomes its program, without those that would hit the runtime process earlier: strace
    /// counts in each process, and stops both at the same number. So one write less, too: the one with the number of the runtime's next, for
    /// that is its error message.
    /// </summary>
    /// <param name="lines">What strace -f wrote: the number of a process before each line.</param>
    public static List<TracedCall> OfContainer(IEnumerable<string> lines)
    {
        string? runtime = null, container = null;
        var before = new Dictionary<string, int>();
        var counts = new Dictionary<string, int>();
        var calls = new List<TracedCall>();
        foreach (var match in lines.Select(line => CallOfProcess().Match(line)).Where(match => match.Success))
        {
            var (process, name, rest) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
            runtime ??= process;
            if (process == runtime && container is null)
            {
                Count(before, name);
                container = name == "clone3" && !rest.Contains("CLONE_THREAD", StringComparison.Ordinal) ? "" : null;
            }
            else if (container is not null && process != runtime)
            {
                // The next process that is heard of is the cloned one.
                container = container.Length == 0 && name == "rt_sigaction" ? process : container;
                if (process != container)
                {
                    continue;
                }

                var call = Count(counts, name);
                int next = before.GetValueOrDefault(name) + 1;
                if (call.Number > next || (call.Number == next && name != "write"))
                {
                    calls.Add(call);
                }

                if (name == "execve")
                {
                    return calls;
                }
            }
        }

        return calls;
    }

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} number {Number}");

    private static bool IsExecution(string name) => name is "execve" or "execveat";

    private static TracedCall Count(Dictionary<string, int> counts, string name)
    {
        counts[name] = counts.GetValueOrDefault(name) + 1;
        return new TracedCall(name, counts[name]);
    }

    [GeneratedRegex(@"^[a-z0-9_]+(?=\()")]
    private static partial Regex CallName();

    [GeneratedRegex(@"^([0-9]+) +([a-z0-9_]+)\((.*)")]
    private static partial Regex CallOfProcess();
}
