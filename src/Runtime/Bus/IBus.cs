using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>
/// All that hull needs of a D-Bus connection. <see cref="SocketBus"/> is ours; a package such as Tmds.DBus.Protocol could take its place.
/// </summary>
internal interface IBus : IDisposable
{
    /// <summary>Calls a method and waits for its answer.</summary>
    /// <param name="call">The destination, the object, the method and its arguments; the connection chooses the serial.</param>
    /// <param name="deadline">When to give up, by <see cref="Linux.Polling.MonotonicNanoseconds"/>.</param>
    /// <exception cref="BusError">The other side refused.</exception>
    /// <exception cref="BusFailure">There was no answer.</exception>
    ImmutableArray<BusValue> Call(BusMessage call, long deadline);

    /// <summary>Waits for the next signal; those that arrived while a call waited for its answer come first.</summary>
    /// <exception cref="BusFailure">None came.</exception>
    BusMessage NextSignal(long deadline);
}

/// <summary>The other side answered with an error.</summary>
/// <param name="name">Its name: <c>org.freedesktop.systemd1.NoSuchUnit</c>.</param>
/// <param name="text">What it says about it.</param>
internal sealed class BusError(string name, string text) : Exception($"{text} ({name})")
{
    public string Name { get; } = name;
}

/// <summary>The conversation itself failed: no process answers, the connection broke, or what arrives is not D-Bus.</summary>
internal sealed class BusFailure(string message) : Exception(message);
