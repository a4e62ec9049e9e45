using Hull.Harness;

namespace Hull.Conformance.Tests;

/// <summary>The runtime under test behind a script that breaks one rule.</summary>
internal sealed class WrongRuntime : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hull-wrong-").FullName;

    private WrongRuntime(string before, string last)
    {
        Path = System.IO.Path.Combine(_directory, "wrong");
        File.WriteAllText(Path, $$"""
            #!/bin/sh
            runtime='{{HullBinary.Path}}'
            for argument; do
                [ "$previous" = --bundle ] && bundle=$argument
                previous=$argument
            done
            is() { case " $arguments " in *" $1 "*) true ;; *) false ;; esac; }
            arguments=$*
            {{before}}
            {{last}}
            """);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    /// <summary>Reads another configuration than it was given: the bundle's after this edit by sed.</summary>
    public static WrongRuntime Reading(string edit) =>
        new($"if is create || is run; then sed -i '{edit}' \"$bundle/config.json\"; fi", "exec \"$runtime\" \"$@\"");

    /// <summary>Prints something else for a verb.</summary>
    public static WrongRuntime Printing(string verb, string edit) =>
        new($"if is {verb}; then \"$runtime\" \"$@\" | sed '{edit}'; exit; fi", "exec \"$runtime\" \"$@\"");

    /// <summary>Ends a verb with another status.</summary>
    public static WrongRuntime Ending(string verb, int status) =>
        new($"if is {verb}; then \"$runtime\" \"$@\"; exit {status}; fi", "exec \"$runtime\" \"$@\"");

    /// <summary>Does nothing at all for a verb, and says it went well.</summary>
    public static WrongRuntime Ignoring(string verb) => new($"if is {verb}; then exit 0; fi", "exec \"$runtime\" \"$@\"");

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
