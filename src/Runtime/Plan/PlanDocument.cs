using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A plan as JSON, for readers and tests; never an input.</summary>
internal static class PlanDocument
{
    public static string Write(Plan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(16384);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("warnings");
            foreach (string warning in plan.Warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
            Write(json, "before", plan.HostBefore);
            json.WriteString("newNamespaces", NamespaceNames.Describe(plan.Clone.New));
            json.WriteStartArray("inside");
            for (var i = 0; i < plan.Container.Length; i++)
            {
                Write(json, i, plan.Container[i].Operation.GetType().Name, plan.Container[i].Operation.Describe(), plan.Container[i].Origin);
            }

            json.WriteEndArray();
            Write(json, "beside", plan.Host);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<HostStep> steps)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < steps.Length; i++)
        {
            Write(json, i, steps[i].Action.GetType().Name, steps[i].Action.Describe(), steps[i].Origin);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, int step, string kind, string text, Origin origin)
    {
        json.WriteStartObject();
        json.WriteNumber("step", step);
        json.WriteString("kind", kind);
        json.WriteString("text", text);
        json.WriteString("property", origin.ToString());
        json.WriteString("rule", origin.Rule);
        json.WriteEndObject();
    }
}
