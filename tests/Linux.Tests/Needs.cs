namespace Hull.Linux.Tests;

/// <summary>What several tests cannot do without.</summary>
internal static class Needs
{
    public static void Root() => Skip.Unless(Credentials.EffectiveUserId() == 0, "needs root");
}
