namespace Hull.Harness;

/// <summary>
/// How long anything is waited for before it is said to hang: longer than whatever a test does takes on two processors that eight busy processes
/// share. It only ends what would wait for ever; that something is quick is no law of any test.
/// </summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
