using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What <c>update</c> is asked for: by options, or by a JSON document.</summary>
/// <param name="Resources">Of <c>linux.resources</c>: absent is untouched.</param>
/// <param name="Rdt">Of <c>linux.intelRdt</c>, or null.</param>
internal sealed record UpdateChange(Resources Resources, IntelRdt? Rdt)
{
    /// <summary>Reads the options, and the document where they name one.</summary>
    /// <exception cref="RuntimeError">Something is wrong with them; every fault is named.</exception>
    public static UpdateChange Of(UpdateOptions options, Log log)
    {
        IntelRdt? rdt = RdtOf(options);
        if (options.KernelMemory is not null || options.KernelMemoryTcp is not null)
        {
            log.Warning("kernels cannot limit kernel memory any more: --kernel-memory and --kernel-memory-tcp are ignored");
        }

        Resources resources = options.ToResources();
        if (options.Resources is { } file)
        {
            if (resources != new Resources() || rdt is not null)
            {
                log.Warning($"with --resources {file} the other options are ignored");
            }

            return new UpdateChange(ReadDocument(file, log), null);
        }

        ImmutableArray<Violation> violations = Validator.Validate(resources, out _);
        return violations.IsEmpty ? new UpdateChange(resources, rdt)
            : throw new RuntimeError(string.Join("; ", violations.Select(violation => $"option {OptionOf(violation.Path)}: {violation.Text}")));
    }

    /// <summary>Which option a property comes from; the property where none does.</summary>
    private static string OptionOf(SpecPath path)
    {
        foreach (ResourceField field in ResourceTable.Fields)
        {
            if (field.Option is { } option && field.PathBelow(SpecPath.Root) == path)
            {
                return option;
            }
        }

        return path.ToString();
    }

    private static IntelRdt? RdtOf(UpdateOptions options)
    {
        CheckSchema("--l3-cache-schema", options.L3CacheSchema, "");
        CheckSchema("--mem-bw-schema", options.MemoryBandwidthSchema, "MB:");
        return options.L3CacheSchema is null && options.MemoryBandwidthSchema is null ? null
            : new IntelRdt { L3CacheSchema = options.L3CacheSchema, MemBwSchema = options.MemoryBandwidthSchema };
    }

    private static void CheckSchema(string option, string? schema, string start)
    {
        if (schema is not null && (schema.Contains('\n', StringComparison.Ordinal) || !schema.StartsWith(start, StringComparison.Ordinal)))
        {
            throw new RuntimeError($"option {option}: {OptionReader.Quote(schema)} is not one line{(start.Length == 0 ? "" : $" that starts with {start}")}");
        }
    }

    private static Resources ReadDocument(string file, Log log)
    {
        string name = file == "-" ? "standard input" : file;
        ParseResult<Resources> parsed = ResourcesDocument.Parse(ReadBytes(file));
        Report(parsed.Warnings, name, log);
        if (parsed.Value is null)
        {
            throw Refuse(name, parsed.Violations);
        }

        ImmutableArray<Violation> violations = Validator.Validate(parsed.Value, out ImmutableArray<Warning> warnings);
        Report(warnings, name, log);
        return violations.IsEmpty ? parsed.Value : throw Refuse(name, violations);
    }

    private static byte[] ReadBytes(string file)
    {
        try
        {
            return file == "-" ? HostFiles.ReadOpened(StandardOutput.Input, "standard input") : HostFiles.ReadAll(Fd.CurrentDirectory, file);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"option --resources: {failure.Call}", failure.Errno);
        }
    }

    private static void Report(ImmutableArray<Warning> warnings, string name, Log log)
    {
        foreach (Warning warning in warnings)
        {
            if (warning.Severity == Severity.Warning)
            {
                log.Warning($"{name}: {warning}");
            }
        }
    }

    private static RuntimeError Refuse(string name, ImmutableArray<Violation> violations) => violations is [var only]
        ? new RuntimeError($"{name}: {only}")
        : new RuntimeError($"{name} has {violations.Length} faults: {string.Join("; ", violations)}");
}
