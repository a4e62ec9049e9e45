using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A process that an engine has written down for <c>exec --process</c>: a file, or a pipe such as /dev/fd/63.</summary>
internal static class ProcessFile
{
    /// <summary>Reads it.</summary>
    /// <exception cref="RuntimeError">It cannot be read, or is broken or breaks a rule; all faults are named.</exception>
    public static Process Read(string path, Log log)
    {
        ParseResult<Process> parsed = ProcessDocument.Parse(ReadDocument(path));
        DocumentFaults.Report(parsed.Warnings, log);
        if (parsed.Value is null)
        {
            throw DocumentFaults.Refuse(path, parsed.Violations);
        }

        ImmutableArray<Violation> violations = Validator.Validate(parsed.Value, out ImmutableArray<Warning> warnings);
        DocumentFaults.Report(warnings, log);
        return violations.IsEmpty ? parsed.Value : throw DocumentFaults.Refuse(path, violations);
    }

    private static byte[] ReadDocument(string path)
    {
        try
        {
            return HostFiles.ReadAll(Fd.CurrentDirectory, path);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"--process {path}: {failure.Call}", failure.Errno);
        }
    }
}
