namespace Hull.Linux.Tests;

/// <summary>What several tests cannot do without.</summary>
internal static class Needs
{
    public static void Root() => Skip.Unless(Credentials.EffectiveUserId() == 0, "needs root");

    public static void Kernel(int major, int minor) =>
        Skip.Unless(Environment.OSVersion.Version >= new Version(major, minor), $"needs Linux {major}.{minor}, this is {Environment.OSVersion.Version}");
}
