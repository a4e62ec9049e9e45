namespace Hull.Oci;

/// <summary>The commands of each step of the lifecycle, in the order in which they run (HOOK-01, HOOK-03).</summary>
public sealed record Hooks
{
    /// <summary>Deprecated; during create in the runtime's namespaces, before <see cref="CreateRuntime"/>.</summary>
    public IReadOnlyList<Hook>? Prestart { get; init; }

    /// <summary>During create in the runtime's namespaces, before the root is changed.</summary>
    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    /// <summary>During create in the container's namespaces, before the root is changed.</summary>
    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    /// <summary>During start in the container's namespaces, before the user's program.</summary>
    public IReadOnlyList<Hook>? StartContainer { get; init; }

    /// <summary>During start in the runtime's namespaces, after the user's program was executed.</summary>
    public IReadOnlyList<Hook>? Poststart { get; init; }

    /// <summary>During delete in the runtime's namespaces, after the container was destroyed.</summary>
    public IReadOnlyList<Hook>? Poststop { get; init; }
}

/// <summary>One command of a hook; it gets the state on its standard input (HOOK-03).</summary>
public sealed record Hook
{
    /// <summary>The program, absolute (HOOK-01).</summary>
    [WhenMissing(nameof(Rules.HookPathIsGiven))]
    public required string Path { get; init; }

    /// <summary>All of argv, the name included; absent means the path alone (HOOK-05).</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>The whole environment (HOOK-05).</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds after which it is killed and counts as failed, above zero; absent means never (HOOK-04).</summary>
    public int? Timeout { get; init; }
}
