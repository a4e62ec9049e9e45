using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A container in a dozen lines: who it runs as, what it may do, what it shares with the host.</summary>
internal static class ContainerSummary
{
    private const int LabelWidth = 14;
    private const int LongestLine = 160;
    private const string Below = "linux.resources.";

    /// <summary>One line for each subject that the configuration says something about.</summary>
    public static string Text(ResolvedContainer container, Plan plan)
    {
        var text = new StringBuilder();
        foreach ((string subject, string said) in Of(container, plan))
        {
            string shortened = said.Length > LongestLine ? $"{said.AsSpan(0, LongestLine)}…" : said;
            text.Append(subject.PadRight(LabelWidth)).Append(shortened).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same for programs: an object with a text for each subject, none shortened.</summary>
    public static string Json(ResolvedContainer container, Plan plan)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        foreach ((string subject, string said) in Of(container, plan))
        {
            json.Member(subject, said);
        }

        json.Close('}');
        return json.ToString();
    }

    private static IEnumerable<(string Subject, string Text)> Of(ResolvedContainer container, Plan plan)
    {
        ResolvedProcess process = container.Program.Process;
        yield return ("program", $"{string.Join(' ', process.Arguments.Select(Word))} in {process.Directory}{(process.Terminal ? ", on a terminal" : "")}");
        yield return ("user", User(container));
        yield return ("privileges", Privileges(process));
        yield return ("filter", container.Program.Filter is { } filter ? filter.Describe() : "none: every system call is allowed");
        if (Labels(process) is { Length: > 0 } labels)
        {
            yield return ("labels", labels);
        }

        yield return ("root", $"{container.Rootfs}, {(container.RootReadOnly ? "read-only" : "writable")}");
        yield return ("new", NamesOf(container.Namespaces.New));
        if (container.Namespaces.Joined.Length > 0)
        {
            yield return ("joined", string.Join(", ", container.Namespaces.Joined.Select(joined => $"{NamespaceNames.Describe(joined.Kind)} of {joined.Path}")));
        }

        yield return ("host's own", NamesOf(Shared(container)));
        yield return ("host's files", Joined(HostFilesOf(plan)));
        yield return ("devices", Joined(container.Devices.Select(device => device.Path)));
        yield return ("limits", Joined(Limits(container.Resources)));
        yield return ("hooks", Joined(Hooks(container.Hooks)));
        yield return ("steps", string.Create(CultureInfo.InvariantCulture, $"{plan.HostBefore.Length + plan.Host.Length} of the host, {plan.Container.Length} of the container process; warnings: {plan.Warnings.Length}"));
    }

    /// <summary>The kinds that the container has in common with the host.</summary>
    public static NamespaceKinds Shared(ResolvedContainer container) => NamespaceNames.Every & ~container.Namespaces.All;

    /// <summary>What of the host is shown in the container: <c>/data on /srv (rw)</c>.</summary>
    private static IEnumerable<string> HostFilesOf(Plan plan) => plan.Container.Select(step => step.Operation).OfType<BindMount>()
        .Where(bind => bind.OwnSource is null)
        .Select(bind => $"{bind.Source} on {bind.Destination} ({(IsReadOnly(bind) ? "ro" : "rw")})");

    /// <summary>The container cannot write to what is shown.</summary>
    public static bool IsReadOnly(BindMount bind) => ((bind.Changes.Set | bind.Changes.SetBelow) & MountAttributes.ReadOnly) != 0;

    private static string User(ResolvedContainer container)
    {
        ResolvedProcess process = container.Program.Process;
        string groups = process.AdditionalGroups.IsEmpty ? "" : $", groups {string.Join(' ', process.AdditionalGroups)}";
        string mapped = IdMapping.HostIdOf(container.UserIdMappings, process.UserId) is { } host ? $", user {host} of the host" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{process.UserId}, group {process.GroupId}{groups}{mapped}");
    }

    private static string Privileges(ResolvedProcess process)
    {
        CapabilitySet held = process.Capabilities.Permitted;
        string capabilities = held == CapabilitySet.Empty ? "no capabilities" : Linux.CapabilityNames.Describe(held);
        string bounding = process.Capabilities.Bounding == held ? "" : $"; at most {(process.Capabilities.Bounding == CapabilitySet.Empty ? "none" : Linux.CapabilityNames.Describe(process.Capabilities.Bounding))}";
        return $"{capabilities}{bounding}; {(process.NoNewPrivileges ? "no new ones by set-user-ID programs" : "new ones by set-user-ID programs")}";
    }

    private static string Labels(ResolvedProcess process) => string.Join(", ", new[]
    {
        process.ApparmorProfile is { } profile ? $"AppArmor {profile}" : "",
        process.SelinuxLabel is { } label ? $"SELinux {label}" : "",
    }.Where(label => label.Length > 0));

    /// <summary>Each limit as the document has it: <c>memory.limit 67108864</c>.</summary>
    public static IEnumerable<string> Limits(Resources resources)
    {
        byte[] document = Oci.Json.Write(new Config { OciVersion = DefaultConfig.SpecVersion, Root = new Root { Path = "/" }, Linux = new LinuxConfig { Resources = resources with { Devices = null } } });
        return Leaves(document);
    }

    /// <summary>The numbers and texts below linux.resources, each with the way to it.</summary>
    private static List<string> Leaves(ReadOnlySpan<byte> document)
    {
        var leaves = new List<string>();
        var json = new Utf8JsonReader(document);
        var way = new Stack<(string Name, int Item)>();
        int item = -1;
        string name = "";
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = json.GetString()!;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    way.Push((Named(name, ref item), item));
                    (name, item) = ("", json.TokenType == JsonTokenType.StartArray ? 0 : -1);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    item = way.Pop().Item;
                    break;
                default:
                    string place = string.Join('.', way.Reverse().Select(level => level.Name).Append(Named(name, ref item)).Where(part => part.Length > 0));
                    if (place.StartsWith(Below, StringComparison.Ordinal))
                    {
                        leaves.Add($"{place[Below.Length..].Replace(".[", "[", StringComparison.Ordinal)} {CallerText.Printable(Encoding.UTF8.GetString(json.ValueSpan))}");
                    }

                    break;
            }
        }

        return leaves;
    }

    /// <summary>A member's name, or the place of an item in its list, which is counted on.</summary>
    private static string Named(string name, ref int item) => item < 0 ? name : string.Create(CultureInfo.InvariantCulture, $"[{item++}]");

    private static IEnumerable<string> Hooks(ResolvedHooks hooks) => new (HookKind Kind, ImmutableArray<HookCall> Calls)[]
    {
        (HookKind.Prestart, hooks.Prestart), (HookKind.CreateRuntime, hooks.CreateRuntime), (HookKind.CreateContainer, hooks.CreateContainer),
        (HookKind.StartContainer, hooks.StartContainer), (HookKind.Poststart, hooks.Poststart), (HookKind.Poststop, hooks.Poststop),
    }.SelectMany(kind => kind.Calls.Select(call => $"{HookKinds.NameOf(kind.Kind)} {call.Path}"));

    private static string NamesOf(NamespaceKinds kinds) => kinds == 0 ? "no namespace" : $"namespaces {NamespaceNames.Describe(kinds)}";

    private static string Joined(IEnumerable<string> texts) => string.Join(", ", texts) is { Length: > 0 } text ? text : "none";

    private static string Word(string argument) => argument.Length == 0 || argument.Contains(' ', StringComparison.Ordinal) ? CallerText.Quote(argument) : CallerText.Printable(argument);
}
