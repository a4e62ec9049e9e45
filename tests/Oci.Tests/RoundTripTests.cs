using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hull.Oci.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public void The_full_configuration_has_every_property_of_the_model()
    {
        List<string> absent = [];
        FindAbsent(FullConfig.Parsed, "config", absent);

        // Optional properties of later items of a list that the first item has.
        absent.RemoveAll(path => path.Contains("[1]") || path.Contains("namespaces[0]") || path.StartsWith("config.Linux.Namespaces"));
        absent.RemoveAll(path => path.StartsWith("config.Hooks.") && !path.StartsWith("config.Hooks.Prestart"));
        absent.Should().BeEmpty();
    }

    [Fact]
    public void The_full_configuration_is_read_in_silence_and_valid()
    {
        Checked result = Checked.Config(FullConfig.Utf8);

        result.Lines.Should().BeEmpty();
        result.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Every_property_of_every_record_is_read()
    {
        JsonNode config = SampleDocument.Of(typeof(Config));
        JsonNode process = SampleDocument.Of(typeof(Process));
        JsonNode resources = SampleDocument.Of(typeof(Resources));

        ParseResult<Config> parsed = ConfigDocument.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()));

        parsed.Violations.Should().BeEmpty();
        parsed.Warnings.Should().BeEmpty();
        SampleDocument.Read(parsed.Value)!.ToJsonString().Should().Be(config.ToJsonString());
        SampleDocument.Read(ProcessDocument.Parse(Encoding.UTF8.GetBytes(process.ToJsonString())).Value)!.ToJsonString().Should().Be(process.ToJsonString());
        SampleDocument.Read(ResourcesDocument.Parse(Encoding.UTF8.GetBytes(resources.ToJsonString())).Value)!.ToJsonString().Should().Be(resources.ToJsonString());
    }

    [Fact]
    public void A_written_configuration_reads_back_equal()
    {
        Config config = FullConfig.Parsed;
        byte[] written = Json.Write(config);
        ParseResult<Config> again = ConfigDocument.Parse(written);

        again.Violations.Should().BeEmpty();
        again.Warnings.Should().BeEmpty();
        again.Value.Should().BeEquivalentTo(config, options => options.WithStrictOrdering());
        Encoding.UTF8.GetString(Json.Write(again.Value!)).Should().Be(Encoding.UTF8.GetString(written));
    }

    [Fact]
    public void A_written_configuration_says_what_the_original_document_said() =>
        JsonNode.DeepEquals(JsonNode.Parse(Json.Write(FullConfig.Parsed)), JsonNode.Parse(FullConfig.Text)).Should().BeTrue();

    [Fact]
    public void Numbers_survive_to_the_last_digit()
    {
        Config config = FullConfig.Parsed;

        config.Process!.Rlimits![0].Hard.Should().Be(ulong.MaxValue);
        config.Process.User!.Uid.Should().Be(uint.MaxValue);
        config.Linux!.TimeOffsets!["boottime"].Secs.Should().Be(long.MinValue);
        config.Linux.Seccomp!.Syscalls![0].Args![0].Value.Should().Be(ulong.MaxValue);
    }

    [Fact]
    public void Maps_keep_the_order_of_the_document() =>
        FullConfig.Parsed.Annotations!.Keys.Should().Equal("b", "a", "a b");

    [Fact]
    public void Absent_is_null_and_empty_is_empty()
    {
        Config absent = ConfigDocument.Parse("""{"ociVersion":"1.3.0","root":{"path":"r"},"mounts":null}"""u8).Value!;
        Config empty = ConfigDocument.Parse("""{"ociVersion":"1.3.0","root":{"path":"r"},"mounts":[],"annotations":{}}"""u8).Value!;

        absent.Mounts.Should().BeNull();
        absent.Annotations.Should().BeNull();
        empty.Mounts.Should().NotBeNull().And.BeEmpty();
        empty.Annotations!.Count.Should().Be(0);
    }

    [Fact]
    public void Escapes_in_names_and_values_are_understood() =>
        ConfigDocument.Parse("""{"oci\u0056ersion":"1.3.0","root":{"path":"\u0072\n"}}"""u8).Value!.Root.Path.Should().Be("r\n");

    private static void FindAbsent(object value, string path, List<string> absent)
    {
        if (value is string || value.GetType().IsPrimitive || value.GetType().IsEnum)
        {
            return;
        }

        if (value is IEnumerable list)
        {
            int index = 0;
            foreach (object item in list)
            {
                FindAbsent(item, $"{path}[{index++}]", absent);
            }

            return;
        }

        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || value is DictionaryEntry)
            {
                continue;
            }

            if (property.GetValue(value) is object child)
            {
                FindAbsent(child, $"{path}.{property.Name}", absent);
            }
            else
            {
                absent.Add($"{path}.{property.Name}");
            }
        }
    }
}
