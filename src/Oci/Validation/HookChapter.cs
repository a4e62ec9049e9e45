namespace Hull.Oci;

/// <summary>The hooks (HOOK).</summary>
internal static class HookChapter
{
    internal static void Check(Hooks? hooks, Findings findings)
    {
        if (hooks is null)
        {
            return;
        }

        CheckList(hooks.Prestart, "prestart", findings);
        CheckList(hooks.CreateRuntime, "createRuntime", findings);
        CheckList(hooks.CreateContainer, "createContainer", findings);
        CheckList(hooks.StartContainer, "startContainer", findings);
        CheckList(hooks.Poststart, "poststart", findings);
        CheckList(hooks.Poststop, "poststop", findings);
    }

    private static void CheckList(IReadOnlyList<Hook>? list, string name, Findings findings)
    {
        ReadOnlySpan<Hook> hooks = list.Items();
        for (int index = 0; index < hooks.Length; index++)
        {
            Hook hook = hooks[index];
            SpecPath path = SpecPath.Root.Property("hooks").Property(name).Index(index);
            if (!Validator.IsAbsolute(hook.Path))
            {
                findings.Add(Rules.HookIsCallable, path.Property("path"), $"{Quoted.Text(hook.Path)} is not an absolute path");
            }

            if (hook.Timeout is <= 0)
            {
                findings.Add(Rules.HookIsCallable, path.Property("timeout"), $"{hook.Timeout} is not a number of seconds above 0");
            }
        }
    }
}
