namespace Hull.Oci;

/// <summary>The process (PROC, RLIM, CAP); its scheduling is <see cref="SchedulingValidator"/>'s.</summary>
internal static class ProcessValidator
{
    internal static void Check(Process process, SpecPath path, Violations violations)
    {
        if (!Validator.IsAbsolute(process.Cwd))
        {
            violations.Add(
                Rules.WorkingDirectoryIsAbsolute, path.Property("cwd"), $"{Quoted.Text(process.Cwd)} is not an absolute path");
        }

        if (process.Args.Items().IsEmpty)
        {
            violations.Add(Rules.ArgumentsAreGiven, path.Property("args"), "is empty; it must name at least the program");
        }

        CheckEnvironment(process.Env, path, violations);
        if (process.OomScoreAdj is < -1000 or > 1000)
        {
            violations.Add(Rules.OomScoreIsInRange, path.Property("oomScoreAdj"), $"{process.OomScoreAdj} is not from -1000 to 1000");
        }

        CheckRlimits(process.Rlimits, path, violations);
        if (process.Capabilities is Capabilities capabilities)
        {
            var unknown = new List<string>();
            CheckCapabilities(capabilities.Bounding, "bounding", unknown, path, violations);
            CheckCapabilities(capabilities.Effective, "effective", unknown, path, violations);
            CheckCapabilities(capabilities.Inheritable, "inheritable", unknown, path, violations);
            CheckCapabilities(capabilities.Permitted, "permitted", unknown, path, violations);
            CheckCapabilities(capabilities.Ambient, "ambient", unknown, path, violations);
        }

        SchedulingValidator.Check(process, path, violations);
    }

    private static void CheckEnvironment(IReadOnlyList<string>? environment, SpecPath parent, Violations violations)
    {
        ReadOnlySpan<string> entries = environment.Items();
        for (int index = 0; index < entries.Length; index++)
        {
            if (entries[index].IndexOf('=') <= 0)
            {
                violations.Add(
                    Rules.EnvironmentIsAssignments,
                    parent.Property("env").Index(index),
                    $"{Quoted.Text(entries[index])} is not of the form NAME=value");
            }
        }
    }

    private static void CheckRlimits(IReadOnlyList<Rlimit>? list, SpecPath parent, Violations violations)
    {
        ReadOnlySpan<Rlimit> rlimits = list.Items();
        for (int index = 0; index < rlimits.Length; index++)
        {
            Rlimit rlimit = rlimits[index];
            if (rlimit.Soft > rlimit.Hard)
            {
                violations.Add(
                    Rules.RlimitIsSettable,
                    parent.Property("rlimits").Index(index).Property("soft"),
                    $"{rlimit.Soft} is above the hard limit, {rlimit.Hard}");
            }

            for (int earlier = 0; earlier < index; earlier++)
            {
                if (rlimits[earlier].Type == rlimit.Type)
                {
                    SpecPath path = parent.Property("rlimits");
                    violations.Add(
                        Rules.RlimitIsUnique,
                        path.Index(index).Property("type"),
                        $"{rlimit.Type.SpecName()} is given twice (first at {path.Index(earlier)})");
                    break;
                }
            }
        }
    }

    /// <summary>Warns of a name where it comes first; the same name usually stands in several sets.</summary>
    private static void CheckCapabilities(IReadOnlyList<string>? list, string set, List<string> unknown, SpecPath parent, Violations violations)
    {
        ReadOnlySpan<string> names = list.Items();
        for (int index = 0; index < names.Length; index++)
        {
            if (CapabilityNames.NumberOf(names[index]) < 0 && !unknown.Contains(names[index]))
            {
                unknown.Add(names[index]);
                violations.Warn(
                    Rules.CapabilityIsKnown,
                    parent.Property("capabilities").Property(set).Index(index),
                    $"{Quoted.Text(names[index])} is not a capability this runtime knows; left out");
            }
        }
    }
}
