using System.Collections.Immutable;
using System.Text;

namespace Hull.Oci.Tests;

/// <summary>A document after both stages: what the parser finds, and if that is nothing what the validator finds.</summary>
internal sealed record Checked(ImmutableArray<Violation> Violations, ImmutableArray<Warning> Warnings)
{
    internal static Checked Config(string json) => Config(Encoding.UTF8.GetBytes(json));

    internal static Checked Config(ReadOnlySpan<byte> json)
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(json);
        if (parsed.Value is null)
        {
            return new Checked(parsed.Violations, parsed.Warnings);
        }

        ImmutableArray<Violation> violations = Validator.Validate(parsed.Value, out ImmutableArray<Warning> warnings);
        return new Checked(violations, parsed.Warnings.AddRange(warnings));
    }

    internal IEnumerable<string> Lines => Violations.Select(violation => violation.ToString());
}
