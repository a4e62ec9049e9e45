namespace Hull.Oci;

/// <summary>The hooks (HOOK).</summary>
internal static class HookValidator
{
    internal static void Check(Hooks? hooks, Violations violations)
    {
        if (hooks is null)
        {
            return;
        }

        CheckList(hooks.Prestart, "prestart", violations);
        CheckList(hooks.CreateRuntime, "createRuntime", violations);
        CheckList(hooks.CreateContainer, "createContainer", violations);
        CheckList(hooks.StartContainer, "startContainer", violations);
        CheckList(hooks.Poststart, "poststart", violations);
        CheckList(hooks.Poststop, "poststop", violations);
    }

    private static void CheckList(IReadOnlyList<Hook>? list, string name, Violations violations)
    {
        ReadOnlySpan<Hook> hooks = list.Items();
        for (int index = 0; index < hooks.Length; index++)
        {
            Hook hook = hooks[index];
            SpecPath path = SpecPath.Root.Property("hooks").Property(name).Index(index);
            if (!Validator.IsAbsolute(hook.Path))
            {
                violations.Add(Rules.HookIsCallable, path.Property("path"), $"{Quoted.Text(hook.Path)} is not an absolute path");
            }

            if (hook.Timeout is <= 0)
            {
                violations.Add(Rules.HookIsCallable, path.Property("timeout"), $"{hook.Timeout} is not a number of seconds above 0");
            }
        }
    }
}
