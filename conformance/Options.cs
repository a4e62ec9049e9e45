using System.Globalization;

namespace Hull.Conformance;

/// <summary>What was asked on the command line.</summary>
internal sealed class Options
{
    public List<string> Runtimes { get; } = [];

    public List<string> Filters { get; } = [];

    /// <summary>Where the TAP, JUnit, Markdown and HTML files go.</summary>
    public string Results { get; private set; } = "out/conformance";

    /// <summary>The checklist that coverage is computed from, when it is there.</summary>
    public string? Checklist { get; private set; }

    /// <summary>A README whose generated part is replaced by the tables of this run.</summary>
    public string? Readme { get; private set; }

    /// <summary>A built checkout of the public validation suite.</summary>
    public string? RuntimeTools { get; private set; }

    public int Jobs { get; private set; } = Environment.ProcessorCount;

    public bool List { get; private set; }

    /// <summary>Where the rules of the checklist are written to in the form that the project carries.</summary>
    public string? Carry { get; private set; }

    /// <summary>System calls that the runtimes are to be without: <c>ENOSYS:4.18</c>, as HULL_WITHOUT of the end-to-end tests.</summary>
    public string? Without { get; private set; }

    public const string Usage = """
        usage: conformance [--runtime PATH]... [--filter RULE]... [--jobs N] [--results DIR] [--readme FILE] [--list]
               conformance --runtime-tools DIR [--runtime PATH]... [--filter TEST]...
          --runtime PATH        a runtime with runc's command line; out/hull when absent
          --filter RULE         a rule's id or its beginning (MNT, MNT-01), a chapter (Mounts), or words of a case's sentence
          --jobs N              cases at a time; as many as processors when absent
          --results DIR         where the TAP, JUnit, Markdown and HTML files go
          --readme FILE         puts the tables of this run between the marks of this file
          --list                prints the cases and the rules without one, and runs nothing
          --carry FILE          writes the rules of the checklist in the form the project carries (Rules/rules.txt)
          --without CALLS       calls the runtimes under a filter: ENOSYS:4.18, EPERM:openat2,clone3 (tests/Harness/without.c)
          --runtime-tools DIR   runs a built checkout of opencontainers/runtime-tools instead, safely
        """;

    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        var queue = new Queue<string>(arguments);
        while (queue.TryDequeue(out var name))
        {
            var parts = name.Split('=', 2);
            options.Take(parts[0], () => parts.Length == 2 ? parts[1] : queue.TryDequeue(out var value) ? value : throw new ArgumentException($"{name} needs a value"));
        }

        return options;
    }

    private void Take(string name, Func<string> value)
    {
        switch (name)
        {
            case "--runtime": Runtimes.Add(value()); break;
            case "--filter": Filters.Add(value()); break;
            case "--jobs": Jobs = int.Parse(value(), CultureInfo.InvariantCulture); break;
            case "--results": Results = value(); break;
            case "--checklist": Checklist = value(); break;
            case "--readme": Readme = value(); break;
            case "--runtime-tools": RuntimeTools = value(); break;
            case "--without": Without = value(); break;
            case "--carry": Carry = value(); break;
            case "--list": List = true; break;
            default: throw new ArgumentException($"unknown option: {name}\n{Usage}");
        }
    }
}
