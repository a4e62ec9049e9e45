using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>The one other thread of a managed process: it finalizes what is garbage, and sleeps.</summary>
public static class FinalizerThread
{
    private static bool _blocked;

    /// <summary>
    /// Blocks all signals there. The kernel delivers a signal to any thread that does not block it: what the main thread blocks, in order to
    /// read it from a descriptor, would end the process through this one. The only way to have a call made by that thread is a finalizer, so
    /// one collection is run (20 microseconds). signal(7), "Process-directed and thread-directed signals"
    /// </summary>
    public static void BlockSignals()
    {
        if (_blocked)
        {
            return;
        }

        _blocked = true;
        MakeMessenger();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Not inlined, so that nothing refers to it any more when the collection runs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeMessenger() => _ = new Messenger();

    private sealed class Messenger
    {
        ~Messenger() => Signals.BlockSignals(SignalMask.Full);
    }
}
