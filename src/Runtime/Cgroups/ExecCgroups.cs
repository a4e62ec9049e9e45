using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>The cgroups of a program that joins a container.</summary>
/// <param name="V1">The directories of v1, which the process enters by itself.</param>
/// <param name="V2">The directory of v2, which it is cloned into; empty where there is none.</param>
/// <param name="Chosen">The caller has named them: then no others will do.</param>
internal sealed record ExecCgroups(ImmutableArray<string> V1, string V2, bool Chosen = false)
{
    /// <summary>The places that <c>--cgroup</c> names below the container's own.</summary>
    /// <param name="choices">As they were given: <c>PATH</c> for every hierarchy, or <c>CONTROLLER[,CONTROLLER]:PATH</c>, repeated.</param>
    /// <param name="host">The hierarchies of this host; asked for only where a controller is named.</param>
    /// <exception cref="RuntimeError">A choice is not of that form, leads out of the container's cgroup or names no controller.</exception>
    public ExecCgroups Choose(IReadOnlyList<string> choices, Func<CgroupFacts> host)
    {
        if (choices.Count == 0)
        {
            return this;
        }

        if (!choices[0].Contains(':', StringComparison.Ordinal))
        {
            if (choices.Count > 1)
            {
                throw Refuse(choices[1], "a second place needs CONTROLLER: before it, and so does the first");
            }

            string below = Clean(choices[0]);
            return new ExecCgroups([.. V1.Select(directory => directory + below)], V2.Length == 0 ? "" : V2 + below, Chosen: true);
        }

        return ChooseEach(choices, host());
    }

    private ExecCgroups ChooseEach(IReadOnlyList<string> choices, CgroupFacts host)
    {
        string[] directories = [.. V1];
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string choice in choices)
        {
            int colon = choice.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw Refuse(choice, "it needs CONTROLLER: before the path, as the others have");
            }

            string below = Clean(choice[(colon + 1)..]);
            foreach (string controller in choice[..colon].Split(','))
            {
                int index = IndexOf(controller, host);
                if (index < 0)
                {
                    throw Refuse(choice, V1.IsEmpty ? "controllers cannot be chosen on cgroup v2: give the path alone" : $"unknown controller \"{controller}\"");
                }

                string place = V1[index] + below;
                if (!chosen.Add(controller) || (directories[index] != V1[index] && directories[index] != place))
                {
                    throw Refuse(choice, $"controller {controller} is given twice, or lives in one hierarchy with another that is");
                }

                directories[index] = place;
            }
        }

        return new ExecCgroups([.. directories], V2, Chosen: true);
    }

    /// <summary>Which of the v1 directories belongs to a controller; a named hierarchy is <c>name=systemd</c>.</summary>
    private int IndexOf(string controller, CgroupFacts host)
    {
        if (controller.Length == 0 || host.WithController(controller) is not { } hierarchy)
        {
            return -1;
        }

        for (var i = 0; i < V1.Length; i++)
        {
            if (V1[i] == hierarchy.Mount || V1[i].StartsWith(hierarchy.Mount + "/", StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary><c>/a/b</c>, or nothing for the container's own cgroup; never upwards.</summary>
    private static string Clean(string path)
    {
        string cleaned = "";
        foreach (string name in path.Split('/'))
        {
            if (name == "..")
            {
                throw Refuse(path, $"{path} is not a sub cgroup path");
            }

            cleaned += name is "" or "." ? "" : "/" + name;
        }

        return path.Length > 0 ? cleaned : throw Refuse(path, "the path is empty: / is the container's own cgroup");
    }

    private static RuntimeError Refuse(string choice, string reason) => new($"--cgroup {CallerText.Quote(choice)}: {reason}");
}
