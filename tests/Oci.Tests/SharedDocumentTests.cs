using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hull.Oci.Tests;

/// <summary>Documents of others: the examples of the public schemas and what real engines hand to a runtime.</summary>
public sealed class SharedDocumentTests
{
    /// <summary>Examples that are good by the schema, which knows no rule between properties, and which rules of ours they break.</summary>
    private static readonly Dictionary<string, string[]> KnownDifferences = new()
    {
        // Interfaces, but no network namespace to move them into.
        ["linux-netdevice.json"] = ["NET-07"],

        // A host name, but no UTS namespace: these two are for other platforms, which have none.
        ["zos-example.json"] = ["HOST-01"],
        ["freebsd-example.json"] = ["HOST-01"],
    };

    [Fact]
    public void Every_good_example_of_the_schema_is_accepted()
    {
        foreach (string file in SharedData.Files("oci-schema/test/config/good", "*.json"))
        {
            Checked result = Checked.Config(File.ReadAllBytes(file));
            string[] expected = KnownDifferences.GetValueOrDefault(Path.GetFileName(file), []);

            result.Violations.Select(violation => violation.Rule.Id).Should().BeEquivalentTo(expected, file);
        }
    }

    [Fact]
    public void Every_bad_example_of_the_schema_is_refused()
    {
        // This one is bad only in its part for FreeBSD, which this runtime ignores.
        const string ForFreeBsd = "freebsd-vnet-disable.json";
        string[] files = SharedData.Files("oci-schema/test/config/bad", "*.json");
        files = [.. files.Where(file => Path.GetFileName(file) != ForFreeBsd)];

        files.Should().NotBeEmpty();
        files.Where(file => Checked.Config(File.ReadAllBytes(file)).Violations.IsEmpty).Should().BeEmpty();
    }

    [Fact]
    public void Every_configuration_of_an_engine_is_valid()
    {
        foreach (string file in Configurations())
        {
            Checked result = Checked.Config(File.ReadAllBytes(file));

            result.Lines.Should().BeEmpty(file);
            result.Warnings.Where(warning => warning.Severity == Severity.Warning).Should().BeEmpty(file);
        }
    }

    [Fact]
    public void Every_configuration_of_an_engine_survives_being_written()
    {
        foreach (string file in Configurations())
        {
            byte[] bytes = File.ReadAllBytes(file);
            Config config = ConfigDocument.Parse(bytes).Value!;

            ConfigDocument.Parse(Json.Write(config)).Value.Should().BeEquivalentTo(config, options => options.WithStrictOrdering(), file);
        }
    }

    [Fact]
    public void Nothing_in_a_configuration_of_an_engine_is_lost_but_what_is_reported()
    {
        foreach (string file in Configurations())
        {
            byte[] bytes = File.ReadAllBytes(file);
            ParseResult<Config> parsed = ConfigDocument.Parse(bytes);
            if (parsed.Warnings.IsEmpty)
            {
                JsonNode.DeepEquals(JsonNode.Parse(Json.Write(parsed.Value!)), JsonNode.Parse(bytes)).Should().BeTrue(file);
            }
            else
            {
                parsed.Warnings.Should().OnlyContain(warning => warning.Rule == Rules.UnknownIsIgnored, file);
            }
        }
    }

    [Fact]
    public void Every_process_of_an_engine_is_valid()
    {
        foreach (string file in SharedData.Files("engine-configs", "*-exec-process-*.json"))
        {
            ParseResult<Process> parsed = ProcessDocument.Parse(File.ReadAllBytes(file));

            parsed.Violations.Should().BeEmpty(file);
            Validator.Validate(parsed.Value!, out _).Should().BeEmpty(file);
        }
    }

    [Fact]
    public void Every_update_of_an_engine_is_valid()
    {
        foreach (string file in SharedData.Files("engine-configs", "*-update-resources.json"))
        {
            ParseResult<Resources> parsed = ResourcesDocument.Parse(File.ReadAllBytes(file));

            parsed.Violations.Should().BeEmpty(file);
            Validator.Validate(parsed.Value!, out ImmutableArray<Warning> warnings).Should().BeEmpty(file);
            warnings.Should().BeEmpty(file);
        }
    }

    private static string[] Configurations() =>
        [.. SharedData.Files("engine-configs", "*.json").Where(file => char.IsAsciiDigit(file[^6]) && char.IsAsciiDigit(file[^7]))];
}
