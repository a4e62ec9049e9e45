using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The containers whose names match a pattern: <c>--regex</c> of kill and delete.</summary>
internal static class MatchingContainers
{
    /// <summary>Does something with each; one that fails is told, and the others go on.</summary>
    /// <param name="pattern">An extended regular expression.</param>
    /// <param name="act">Gets the name and returns the exit status.</param>
    /// <returns>0 when it succeeded with each, and when there was none.</returns>
    /// <exception cref="RuntimeError">The pattern is none.</exception>
    public static int ForEach(GlobalOptions global, string pattern, Log log, Func<string, int> act)
    {
        IdPattern wanted = IdPattern.Parse(pattern);
        using ContainerStore? store = ContainerStore.OpenExisting(StoreRoot.Choose(global.Root));
        int status = ExitStatus.Success;
        foreach (string id in store?.Ids() ?? [])
        {
            if (!wanted.IsIn(id))
            {
                continue;
            }

            try
            {
                status = Math.Max(status, act(id));
            }
            catch (Exception failure) when (failure is RuntimeError or KernelException)
            {
                log.Failure(failure.Message, failure as RuntimeError);
                status = ExitStatus.Failure;
            }
        }

        return status;
    }
}
