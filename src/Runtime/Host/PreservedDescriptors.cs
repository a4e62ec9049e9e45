using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>The caller's descriptors that go on to the container: <c>--preserve-fds N</c> means 3 to N+2.</summary>
internal static class PreservedDescriptors
{
    private const int First = 3;

    /// <summary>
    /// Refuses when one of them is not open (FD-04). To be asked before we open anything: with no number free among them, no descriptor of
    /// our own can ever get one and reach the container, and none of ours can be taken for the caller's.
    /// </summary>
    public static void Check(uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            long number = First + (long)i;
            if (number > int.MaxValue || Descriptors.GetDescriptorFlags(new Fd((int)number)).Failed)
            {
                throw new RuntimeError($"--preserve-fds {count}: descriptor {number} is not open")
                {
                    Hint = "it passes on the descriptors from 3 on, without a gap",
                };
            }
        }
    }
}
