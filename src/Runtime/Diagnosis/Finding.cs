namespace Hull.Runtime;

/// <summary>How much a finding matters, the most first.</summary>
internal enum FindingSeverity
{
    /// <summary>It stops containers.</summary>
    Error,

    /// <summary>Containers run, but something that many want is missing or about to be.</summary>
    Warning,

    /// <summary>Something that few want is missing, or something is worth to be known.</summary>
    Note,
}

/// <summary>Something that this host cannot give, or that is wrong with it.</summary>
/// <param name="Subject">What it is about, a stable name: <c>cgroups</c>, <c>namespaces.user</c>.</param>
/// <param name="Reason">What was found.</param>
/// <param name="Cost">What that means for a container.</param>
/// <param name="Remedy">What to do about it; null where nothing can be done.</param>
internal sealed record Finding(string Subject, FindingSeverity Severity, string Reason, string Cost, string? Remedy = null)
{
    /// <summary>The severity as it is printed: <c>error</c>, <c>warning</c>, <c>note</c>.</summary>
    public string SeverityName => Severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        FindingSeverity.Note => "note",
    };
}
