using System.Text;
using System.Text.RegularExpressions;

namespace Hull.Oci.Tests;

/// <summary>
/// Whatever the bytes are, the parser answers: a value exactly when there is no violation, and every violation on one line.
/// </summary>
public sealed class MutationTests
{
    private const int Mutations = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_mutated_document_never_throws(int seed)
    {
        byte[][] documents = [FullConfig.Utf8, .. SharedData.TryFiles("engine-configs", "*.json").Select(File.ReadAllBytes)];
        Random random = new(seed);
        int refused = 0;
        for (int mutation = 0; mutation < Mutations; mutation++)
        {
            byte[] mutated = Mutate(documents[random.Next(documents.Length)], random);
            ParseResult<Config> parsed = ConfigDocument.Parse(mutated);

            string which = $"seed {seed}, mutation {mutation}";
            (parsed.Value is null).Should().Be(!parsed.Violations.IsEmpty, which);
            parsed.Violations.Should().NotContain(violation => violation.ToString().Contains('\n'), which);
            FaultyDocument.Check(parsed).Should().NotContain(
                violation => parsed.Violations.Any(known => known.Path.IsWithin(violation.Path)), which);
            refused += Checked.Config(mutated).Violations.IsEmpty ? 0 : 1;
        }

        refused.Should().BeGreaterThan(Mutations / 2);
    }

    private static byte[] Mutate(byte[] document, Random random)
    {
        byte[] copy = [.. document];
        switch (random.Next(6))
        {
            case 0:
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                return copy[..random.Next(copy.Length)];
            case 2:
                return Replace(copy, random, "\"\\w+\" ?: ?(\"[^\"]*\"|\\d+)", match => match + "," + match);
            case 3:
                string[] values =
                    ["null", "{}", "[]", "-1", "1e9", "\"\\u0000\"", "\"\\ud800\"", "true", "99999999999999999999", "[[[{\"a\":[]}]]]"];
                return Replace(copy, random, "(?<=: ?)(\"[^\"]*\"|\\d+|true|false)", _ => values[random.Next(values.Length)]);
            case 4:
                return Replace(copy, random, "\"\\w+\"(?= ?:)", match => random.Next(2) == 0 ? match.ToUpperInvariant() : "\"\\ud800\"");
            default:
                for (int count = random.Next(1, 50); count > 0; count--)
                {
                    copy[random.Next(copy.Length)] = (byte)random.Next(256);
                }

                return copy;
        }
    }

    private static byte[] Replace(byte[] document, Random random, string pattern, Func<string, string> replacement)
    {
        string text = Encoding.UTF8.GetString(document);
        MatchCollection matches = Regex.Matches(text, pattern);
        Match match = matches[random.Next(matches.Count)];
        return Encoding.UTF8.GetBytes(text[..match.Index] + replacement(match.Value) + text[(match.Index + match.Length)..]);
    }
}
