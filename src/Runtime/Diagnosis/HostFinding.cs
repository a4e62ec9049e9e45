namespace Hull.Runtime;

/// <summary>Something that this host cannot give, or that is wrong with it.</summary>
/// <param name="Subject">What it is about, a stable name: <c>cgroups</c>, <c>namespaces.user</c>.</param>
/// <param name="Weight">A fault stops containers; a note is about what few want.</param>
/// <param name="Reason">What was found.</param>
/// <param name="Cost">What that means for a container.</param>
/// <param name="Remedy">What to do about it; null where nothing can be done.</param>
internal sealed record HostFinding(string Subject, Weight Weight, string Reason, string Cost, string? Remedy = null)
{
    /// <summary>The weight as it is printed: <c>error</c>, <c>warning</c>, <c>note</c>.</summary>
    public string Severity => Weight switch
    {
        Weight.Fault => "error",
        Weight.Warning => "warning",
        Weight.Note => "note",
    };
}
