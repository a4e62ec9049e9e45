using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The calls that hull makes to systemd, the system's or a user's own. Every call ends within the same time, answered or not.
/// org.freedesktop.systemd1(5)
/// </summary>
internal sealed class UnitManager(IBus bus, bool ofUser, int timeoutMilliseconds = UnitManager.TimeoutMilliseconds) : IDisposable
{
    private const int TimeoutMilliseconds = 30_000;
    private const string Service = "org.freedesktop.systemd1", Object = "/org/freedesktop/systemd1", Manager = "org.freedesktop.systemd1.Manager";

    /// <summary>It is the user's own one.</summary>
    public bool OfUser => ofUser;

    /// <summary>Connects to the system's systemd, or to the user's.</summary>
    /// <exception cref="RuntimeError">No systemd answers, with the error of each address.</exception>
    public static UnitManager Connect(bool ofUser)
    {
        IReadOnlyList<BusAddress> addresses = ofUser
            ? BusAddress.OfUser(
                Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"),
                Credentials.EffectiveUserId())
            : BusAddress.OfSystem(Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS"));
        var refusals = new List<string>();
        foreach (BusAddress address in addresses)
        {
            try
            {
                return Connect(address, ofUser);
            }
            catch (Exception refused) when (refused is BusFailure or BusError)
            {
                refusals.Add(refused.Message);
            }
        }

        throw new RuntimeError($"{NameOf(ofUser)} cannot be reached: {string.Join("; ", refusals)}")
        {
            Hint = ofUser
                ? "log in, or enable lingering for the user, so that the user manager runs and XDG_RUNTIME_DIR is set; or use the cgroupfs driver"
                : "the systemd cgroup driver needs a machine that runs systemd; otherwise use the cgroupfs driver",
        };
    }

    /// <summary>What planning must know of it.</summary>
    public SystemdFacts Ask()
    {
        string version = Get("Version"), controlGroup = Get("ControlGroup");
        return new SystemdFacts(SystemdFacts.ParseVersion(version), controlGroup.TrimEnd('/'), ofUser);
    }

    /// <summary>
    /// Starts a unit that exists only as long as it runs, and waits until systemd says that it does. One that failed earlier and is
    /// still listed is reset first.
    /// </summary>
    /// <param name="unit">Its name.</param>
    /// <param name="properties">All of them at once: each later change would be another call.</param>
    /// <returns>False when there is such a unit already, which is not ours.</returns>
    /// <exception cref="RuntimeError">It does not run, with systemd's reason.</exception>
    public bool StartTransient(string unit, ImmutableArray<UnitProperty> properties)
    {
        BusArray settings = ToBus(properties);
        BusMessage call = Call("StartTransientUnit", BusValue.Of(unit), BusValue.Of("fail"), settings, new BusArray("(sa(sv))", []));
        bool started = false;
        Attempt($"start unit {unit}", deadline =>
        {
            ImmutableArray<BusValue>? reply = Try(call, deadline, "UnitExists");
            if (reply is null)
            {
                Try(Call("ResetFailedUnit", BusValue.Of(unit)), deadline, "NoSuchUnit");
                reply = Try(call, deadline, "UnitExists");
            }

            if (reply is null)
            {
                return;
            }

            started = true;
            string result = AwaitJob(reply.Value, deadline);
            if (result != "done")
            {
                Try(Call("ResetFailedUnit", BusValue.Of(unit)), deadline, "NoSuchUnit");
                throw new RuntimeError($"start unit {unit}: the job of {NameOf(ofUser)} ended with \"{result}\"") { Hint = $"its log says more: journalctl{(ofUser ? " --user" : "")} -u {unit}" };
            }
        });
        return started;
    }

    /// <summary>Stops a unit, waits until it has ended, and makes systemd forget it; one that is not there has ended already.</summary>
    public void Stop(string unit) => Attempt($"stop unit {unit}", deadline =>
    {
        if (Try(Call("StopUnit", BusValue.Of(unit), BusValue.Of("replace")), deadline, "NoSuchUnit") is not { } reply)
        {
            return;
        }

        string result = AwaitJob(reply, deadline);
        Try(Call("ResetFailedUnit", BusValue.Of(unit)), deadline, "NoSuchUnit");
        if (result is not ("done" or "canceled"))
        {
            throw new RuntimeError($"stop unit {unit}: the job of {NameOf(ofUser)} ended with \"{result}\"");
        }
    });

    /// <summary>Puts a process into the cgroup of a unit.</summary>
    public void Attach(string unit, int pid) => Attempt($"put process {pid} into unit {unit}", deadline =>
    {
        BusArray pids = new("u", [BusValue.Of((uint)pid)]);
        bus.Call(Call("AttachProcessesToUnit", BusValue.Of(unit), BusValue.Of(""), pids), deadline);
    });

    /// <summary>Changes properties of a unit that runs; they last as long as it does, and the kernel knows of them afterwards.</summary>
    public void SetProperties(string unit, ImmutableArray<UnitProperty> properties)
    {
        Attempt(
            $"change unit {unit}",
            deadline => bus.Call(Call("SetUnitProperties", BusValue.Of(unit), BusValue.Of(true), ToBus(properties)), deadline));

        // systemd answers first and writes the cgroup's files before it looks at the next question: what we write then comes later.
        Get("Version");
    }

    public void Dispose() => bus.Dispose();

    private static UnitManager Connect(BusAddress address, bool ofUser)
    {
        long deadline = Deadline(TimeoutMilliseconds);
        var bus = SocketBus.Connect(address.Path, deadline);
        try
        {
            if (!address.Direct)
            {
                Greet(bus, deadline);
            }

            return new UnitManager(bus, ofUser);
        }
        catch
        {
            bus.Dispose();
            throw;
        }
    }

    // A bus wants to be greeted, and passes on only the signals that were asked for; systemd's own socket does neither.
    private static void Greet(SocketBus bus, long deadline)
    {
        const string name = "org.freedesktop.DBus";
        var call = new BusMessage { Type = BusMessageType.Call, Destination = name, Path = "/org/freedesktop/DBus", Interface = name, Member = "Hello" };
        bus.Call(call, deadline);
        string rule = $"type='signal',sender='{Service}',path='{Object}',interface='{Manager}',member='JobRemoved'";
        bus.Call(call with { Member = "AddMatch", Body = [BusValue.Of(rule)] }, deadline);
    }

    private string Get(string property)
    {
        string text = "";
        Attempt($"ask for {property}", deadline =>
        {
            BusMessage call = Call("Get", BusValue.Of(Manager), BusValue.Of(property)) with { Interface = "org.freedesktop.DBus.Properties" };
            text = bus.Call(call, deadline) is [BusVariant { Value: BusText value }] ? value.Value : throw new BusFailure($"{property} is not a text");
        });
        return text;
    }

    /// <summary>The result of a job: done, failed, timeout, canceled, dependency, skipped …</summary>
    private string AwaitJob(ImmutableArray<BusValue> reply, long deadline)
    {
        string job = reply is [BusText { Type: 'o' } path] ? path.Value : throw new BusFailure("the answer names no job");
        while (true)
        {
            BusMessage signal = bus.NextSignal(deadline);
            if (signal is { Member: "JobRemoved", Body: [BusNumber, BusText removed, BusText, BusText result] } && removed.Value == job)
            {
                return result.Value;
            }
        }
    }

    /// <summary>The answer, or null when it is the one error that was to be expected.</summary>
    private ImmutableArray<BusValue>? Try(BusMessage call, long deadline, string expected)
    {
        try
        {
            return bus.Call(call, deadline);
        }
        catch (BusError error) when (error.Name == $"{Service}.{expected}")
        {
            return null;
        }
    }

    /// <summary>Whatever goes wrong in the conversation becomes the one error that people read.</summary>
    private void Attempt(string what, Action<long> conversation)
    {
        try
        {
            conversation(Deadline(timeoutMilliseconds));
        }
        catch (BusError refused)
        {
            throw new RuntimeError($"{what}: {NameOf(ofUser)} refused: {refused.Message}");
        }
        catch (BusFailure failed)
        {
            throw new RuntimeError($"{what}: {NameOf(ofUser)}: {failed.Message}")
            {
                Hint = $"waited up to {timeoutMilliseconds / 1000} s; systemctl{(ofUser ? " --user" : "")} status shows whether systemd answers",
            };
        }
    }

    private static BusMessage Call(string member, params ReadOnlySpan<BusValue> body) => new()
    {
        Type = BusMessageType.Call,
        Destination = Service,
        Path = Object,
        Interface = Manager,
        Member = member,
        Body = [.. body],
    };

    private static BusArray ToBus(ImmutableArray<UnitProperty> properties)
    {
        var settings = ImmutableArray.CreateBuilder<BusValue>(properties.Length);
        foreach (UnitProperty property in properties)
        {
            settings.Add(new BusStructure([BusValue.Of(property.Name), new BusVariant(property.Value)]));
        }

        return new BusArray("(sv)", settings.MoveToImmutable());
    }

    private static string NameOf(bool ofUser) => ofUser ? "the user's systemd" : "systemd";

    private static long Deadline(int milliseconds) => Polling.MonotonicNanoseconds() + (milliseconds * 1_000_000L);
}
