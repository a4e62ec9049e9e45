using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Takes back, part by part, what a failed command has made: a part that fails keeps no other from being tried, and what could not be taken back
/// is told once, after the failure itself (ERR-01).
/// </summary>
internal sealed class CleaningUp
{
    private readonly List<string> _reasons = [];

    /// <summary>Every part so far has been taken back.</summary>
    public bool IsComplete => _reasons.Count == 0;

    /// <summary>Takes a part back; a refusal is kept for the message.</summary>
    /// <returns>It succeeded.</returns>
    public bool Try(Action part)
    {
        try
        {
            part();
            return true;
        }
        catch (Exception left) when (left is KernelException or RuntimeError)
        {
            _reasons.Add(left.Message);
            return false;
        }
    }

    /// <summary>Tells what is left of something that was removed.</summary>
    /// <exception cref="RuntimeError">Something is.</exception>
    public void ThrowIfIncomplete()
    {
        if (!IsComplete)
        {
            throw new RuntimeError(string.Join("; ", _reasons));
        }
    }

    /// <summary>Tells what is left after a failure, which the caller passes on where nothing is.</summary>
    /// <param name="hint">What can be done about it; null for nothing.</param>
    /// <exception cref="RuntimeError">Something could not be taken back; the message begins with the failure's own.</exception>
    public void ThrowAfter(Exception failure, string? hint)
    {
        if (!IsComplete)
        {
            throw new RuntimeError($"{failure.Message}; and cleaning up failed: {string.Join("; ", _reasons)}") { Hint = hint };
        }
    }
}
