using System.Collections.Immutable;

namespace Hull.Oci;

/// <summary>What is wrong with the meaning of a configuration whose form is wrong, too: all that is certain without what could not be read.</summary>
public static class FaultyDocument
{
    /// <summary>
    /// The violations of meaning beside those of form. Nothing is said of a value that is faulty, of what contains it, or of what may only be
    /// wrong because that value counts as absent.
    /// </summary>
    /// <param name="parsed">A configuration that broke at least one rule of form.</param>
    public static ImmutableArray<Violation> Check(ParseResult<Config> parsed)
    {
        if (parsed.Remainder is not { } remainder)
        {
            return [];
        }

        SpecPath linux = SpecPath.Root.Property("linux"), namespaces = linux.Property("namespaces");
        bool knowsNamespaces = !Touches(parsed.Violations, namespaces);
        List<Violation>? certain = null;
        foreach (NamespaceSet set in knowsNamespaces ? [NamespaceSet.Of(remainder.Linux)] : NamespaceSet.Extremes)
        {
            ImmutableArray<Violation> found = Validator.Check(remainder, set).All;
            certain = certain is null ? [.. found] : certain.FindAll(found.Contains);
        }

        var violations = ImmutableArray.CreateBuilder<Violation>();
        foreach (Violation violation in certain!)
        {
            SpecPath path = violation.Path.WithLost(parsed.Lost);
            // The text of such a rule names another item by its place in the list as it was read.
            bool namesOther = violation.Rule == Rules.NamespaceIsUnique || violation.Rule == Rules.RlimitIsUnique;
            if (!Touches(parsed.Violations, path) && !(namesOther && path != violation.Path))
            {
                violations.Add(violation with { Path = path });
            }
        }

        return violations.ToImmutable();
    }

    /// <summary>Something of these is at this place, in it or around it.</summary>
    private static bool Touches(ImmutableArray<Violation> violations, SpecPath path)
    {
        foreach (Violation violation in violations)
        {
            if (violation.Path.IsWithin(path) || path.IsWithin(violation.Path))
            {
                return true;
            }
        }

        return false;
    }
}
