using System.Reflection;
using Hull.Linux;
using Config = Hull.Oci.Config;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>Planning computes; it asks nobody and changes nothing. Read off the compiled code.</summary>
public sealed class PurityTests
{
    /// <summary>Where planning begins: what these reach through the compiled code is planning.</summary>
    private static readonly Type[] Entries = [typeof(CreatePlanner), typeof(ExecPlanner), typeof(UpdatePlanner), typeof(PlanPrinter), typeof(PlanDocument)];

    /// <summary>Types of Hull.Linux that are values and never enter the kernel: checked below.</summary>
    private static readonly HashSet<string> Values =
    [
        nameof(CString), nameof(CStringArray), nameof(HomeVariable), nameof(DeviceNumber), nameof(Fd), nameof(CapabilitySet), nameof(CapabilityNames),
        nameof(ErrnoText), nameof(FilterInstruction), nameof(FilterProgram), nameof(BpfInstruction), nameof(SchedulingAttributes),
        nameof(NamespaceNames), nameof(MountAttributeName), nameof(MountAttributeNames), nameof(MountPropagationNames), nameof(ModeText),
    ];

    private static readonly Dictionary<string, string> LinuxRooms = Rooms.Of("Linux");

    /// <summary>Where the framework reads clocks, files, chance and other processes.</summary>
    private static readonly string[] Effects =
    [
        "System.IO.", "System.Net.", "System.Threading.", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch", "System.Environment",
        "System.DateTime", "System.Random", "System.Guid", "System.Console", "System.AppContext", "Microsoft.Win32.",
    ];

    [Fact]
    public void Planning_uses_values_of_Linux_and_never_enters_the_kernel()
    {
        Planners.Should().HaveCountGreaterThan(300);
        Planners.SelectMany(Instructions.ReferencesOf).Where(reference => !IsValue(reference.To)).Select(Text).Should().BeEmpty();
    }

    [Fact]
    public void Planning_asks_the_framework_for_nothing_that_can_change()
    {
        Planners.SelectMany(Instructions.ReferencesOf).Where(reference => HasEffect(reference.To)).Select(Text).Should().BeEmpty();
    }

    [Fact]
    public void The_values_of_Linux_never_enter_the_kernel()
    {
        Type[] values = [.. typeof(Operation).Assembly.GetTypes().Where(type => IsValue(Instructions.Outermost(type)))];

        values.Should().HaveCountGreaterThan(40);
        values.SelectMany(Instructions.ReferencesOf).Where(reference => !IsValue(reference.To) || HasEffect(reference.To)).Select(Text).Should().BeEmpty();
    }

    [Fact]
    public void A_call_of_the_kernel_would_be_noticed_however_deep_it_is()
    {
        // The same question asked of code that does enter it, in both ways.
        MethodBase[] host = [.. Reachable(typeof(HostProbe), typeof(ContainerStore))];

        host.SelectMany(Instructions.ReferencesOf).Where(reference => !IsValue(reference.To)).Select(reference => reference.To.Name).Should().Contain("OpenAt");
        host.SelectMany(Instructions.ReferencesOf).Where(reference => HasEffect(reference.To)).Should().NotBeEmpty();
    }

    [Fact]
    public void What_the_specification_says_and_what_the_kernel_can_do_know_nothing_of_each_other()
    {
        Names(typeof(Config).Assembly).Should().NotContain(name => name.StartsWith("Hull.", StringComparison.Ordinal));
        Names(typeof(Operation).Assembly).Should().NotContain(name => name.StartsWith("Hull.", StringComparison.Ordinal));
        Names(typeof(CreatePlanner).Assembly).Should().Contain(["Hull.Oci", "Hull.Linux"]);
    }

    private static HashSet<MethodBase> Planners => Reachable(Entries);

    private static HashSet<MethodBase> Reachable(params Type[] entries) =>
        Instructions.ReachableFrom(entries.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)), typeof(CreatePlanner).Assembly);

    private static IEnumerable<string> Names(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsValue(MemberInfo member)
    {
        Type type = Instructions.Outermost(member as Type ?? member.DeclaringType!);
        return type.Assembly != typeof(Operation).Assembly || type.IsEnum || Values.Contains(type.Name)
            || type.Namespace != "Hull.Linux" || LinuxRooms.GetValueOrDefault(Rooms.NameOf(type)) == "Operations";
    }

    private static bool HasEffect(MemberInfo member)
    {
        string name = $"{Instructions.Outermost(member as Type ?? member.DeclaringType!).FullName}";
        return Effects.Any(effect => name.StartsWith(effect, StringComparison.Ordinal));
    }

    private static string Text((MethodBase From, MemberInfo To) reference) =>
        $"{reference.From.DeclaringType}.{reference.From.Name} refers to {reference.To.DeclaringType}.{reference.To.Name}";
}
