using System.Reflection;
using System.Text.Json.Serialization;
using CommandLine;
using Hull.Oci;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>The table of resources has everything, and says nothing else than the records and the options do.</summary>
public sealed class ResourceTableTests
{
    // Rules for devices are a list with its own writers (DeviceRules); the check of memory that is in use is no file (MEM-09).
    private static readonly string[] OfOthers = ["devices", "memory.checkBeforeUpdate"];

    private static IEnumerable<string> Rows => ResourceTable.Fields.Select(field => field.PathBelow(SpecPath.Root).ToString());

    [Fact]
    public void Every_property_of_the_resources_has_a_row()
    {
        Values().Select(value => value.Path).Except(Rows).Except(OfOthers).Should().BeEmpty();
        Lists().Where(list => !Rows.Contains(list) && !Rows.Contains(list.Split('.')[0])).Except(OfOthers).Should().BeEmpty();
        Rows.Except(Values().Select(value => value.Path)).Should().OnlyContain(row => Lists().Any(list => list == row || list.StartsWith(row + ".")));
    }

    [Fact]
    public void Every_row_is_in_the_order_of_writing_once()
    {
        object?[] rows = [.. typeof(ResourceTable).GetFields().Where(field => field.FieldType == typeof(ResourceField)).Select(field => field.GetValue(null))];

        rows.Should().HaveCount(ResourceTable.Fields.Length).And.OnlyContain(row => ResourceTable.Fields.Count(field => field == row) == 1);
    }

    [Fact]
    public void Every_row_has_a_file_or_a_writer_or_a_reason() =>
        ResourceTable.Fields.Should().OnlyContain(field => field.ByHand != null || field.V1 != null || field.V2 != null || field.Ignored != null);

    [Fact]
    public void A_zero_counts_in_a_row_where_it_counts_in_a_change()
    {
        foreach ((string path, PropertyInfo group, PropertyInfo property) in Values().Where(value => !OfOthers.Contains(value.Path)))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? zero = type == typeof(string) ? "" : Activator.CreateInstance(type);
            object one = Convert.ChangeType(1, type);
            Resources kept = With(group, property, one), change = With(group, property, zero);
            bool counts = Equals(property.GetValue(group.GetValue(kept.Merge(change))), zero);

            RowOf(path).Of(change).IsSet.Should().Be(counts, path);
            RowOf(path).Of(kept).IsSet.Should().BeTrue(path);
            RowOf(path).Of(new Resources()).IsSet.Should().BeFalse(path);
        }
    }

    [Fact]
    public void Every_option_of_update_sets_the_property_of_its_row_and_every_row_has_an_option_that_exists()
    {
        var known = new List<string>();
        foreach (PropertyInfo property in typeof(UpdateOptions).GetProperties())
        {
            var options = new UpdateOptions();
            if (property.GetCustomAttribute<OptionAttribute>() is { } option && property.Name != nameof(UpdateOptions.Resources))
            {
                property.SetValue(options, Convert.ChangeType(1, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
                Resources asked = options.ToResources();
                string[] set = [.. ResourceTable.Fields.Where(field => field.Of(asked).IsSet).Select(field => field.Option ?? "")];
                set.Should().Equal(set.Length == 0 ? [] : ["--" + option.LongName]);
                known.AddRange(set);
            }
        }

        ResourceTable.Fields.Select(field => field.Option).OfType<string>().Should().BeEquivalentTo(known);
    }

    private static ResourceField RowOf(string path) => ResourceTable.Fields.Single(field => field.PathBelow(SpecPath.Root).ToString() == path);

    private static Resources With(PropertyInfo group, PropertyInfo property, object? value)
    {
        var all = new Resources();
        object part = Activator.CreateInstance(group.PropertyType)!;
        property.SetValue(part, value);
        group.SetValue(all, part);
        return all;
    }

    /// <summary>Each property of one value with the record that holds it.</summary>
    private static IEnumerable<(string Path, PropertyInfo Group, PropertyInfo Property)> Values() =>
        from part in Parts() from property in part.PropertyType.GetProperties() where !IsList(property) && IsOwn(property)
        select ($"{NameOf(part)}.{NameOf(property)}", part, property);

    /// <summary>The path of each list and map.</summary>
    private static IEnumerable<string> Lists() =>
    [
        .. typeof(Resources).GetProperties().Where(IsList).Select(NameOf),
        .. from part in Parts() from property in part.PropertyType.GetProperties() where IsList(property) select $"{NameOf(part)}.{NameOf(property)}",
    ];

    private static IEnumerable<PropertyInfo> Parts() => typeof(Resources).GetProperties().Where(property => IsOwn(property) && !IsList(property));

    private static bool IsOwn(PropertyInfo property) => property.Name != "EqualityContract";

    private static bool IsList(PropertyInfo property) => property.PropertyType.IsGenericType && Nullable.GetUnderlyingType(property.PropertyType) is null;

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
}
