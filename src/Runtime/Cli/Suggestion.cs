using Hull.Oci;

namespace Hull.Runtime;

/// <summary>"did you mean …?" for mistyped commands and options.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean --bundle?</c>, or nothing when no name is near.</summary>
    internal static string For(string mistyped, IEnumerable<string> names, string prefix = "")
    {
        string? nearest = NearestName.Of(mistyped, names);
        return nearest is null ? "" : $"; did you mean {prefix}{nearest}?";
    }

    /// <summary>What does here what a command of an engine's does there; null for any other word.</summary>
    internal static string? ForEngineCommand(string verb) => verb switch
    {
        "rm" or "remove" => "; hull delete ID removes a container",
        "stop" => "; hull kill ID TERM asks a container to end, hull delete removes it",
        "inspect" => "; hull state ID tells what a container is, hull features what this hull can do",
        "logs" => "; a container writes where hull's own output goes, which is kept by no command",
        "ls" => "; hull list shows the containers",
        "top" => "; hull ps ID shows a container's processes",
        "stats" => "; hull events --stats ID shows what a container uses",
        "unpause" => "; hull resume ID lets a paused container go on",
        "version" => "; hull --version shows it",
        "build" or "images" or "pull" or "push" => "; hull runs bundles and knows no images: an engine, or umoci, makes a bundle of one",
        _ => null,
    };

    /// <summary>What does here what an option of an engine's run does there; empty for any other option.</summary>
    internal static string ForEngineOption(string spelling) => spelling switch
    {
        "-i" or "-t" or "-it" or "-ti" or "--interactive" => "; process.terminal in config.json gives a container a terminal",
        "-v" or "--volume" or "--mount" => "; mounts in config.json says what is mounted",
        "-e" or "--env" => "; process.env in config.json is the environment",
        "-p" or "--publish" or "--network" => "; linux.namespaces in config.json says which network a container joins",
        "--rm" => "; a run in the foreground leaves nothing",
        "--name" => "; the id is the argument",
        _ => "",
    };
}
