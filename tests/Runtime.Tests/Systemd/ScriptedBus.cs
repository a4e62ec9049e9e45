using System.Collections.Immutable;

namespace Hull.Runtime.Tests.Systemd;

/// <summary>A systemd that says what a test wants.</summary>
internal sealed class ScriptedBus : IBus
{
    public Queue<object> Answers { get; } = [];

    public Queue<BusMessage> Signals { get; } = [];

    public List<BusMessage> Calls { get; } = [];

    public ImmutableArray<BusValue> Call(BusMessage call, long deadline)
    {
        Calls.Add(call);
        object answer = Answers.Dequeue();
        return answer is BusError error ? throw error : (ImmutableArray<BusValue>)answer;
    }

    public BusMessage NextSignal(long deadline) => Signals.TryDequeue(out BusMessage? signal) ? signal : throw new BusFailure("no answer in time");

    public bool IsClosed { get; private set; }

    public void Dispose() => IsClosed = true;
}
