using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security;
using System.Text.RegularExpressions;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>What the parts of the program may not use, and where it is fenced in.</summary>
public sealed partial class BoundaryTests
{
    /// <summary>Each of these would start a thread, and a fork with more than one thread is what src/Linux/Child/README.md is about.</summary>
    private static readonly HashSet<string> Forbidden =
    [
        "System.Console", "System.Diagnostics.Process", "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer",
        "System.Threading.PeriodicTimer", "System.Threading.Tasks.Task", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.TaskFactory",
        "System.Threading.Tasks.Parallel", "System.Threading.Tasks.ValueTask", "System.Threading.CancellationTokenSource", "System.Timers.Timer",
        "System.IO.FileSystemWatcher", "System.Net.Sockets.Socket", "System.Runtime.InteropServices.PosixSignalRegistration",
    ];

    public static TheoryData<string> Projects => ["Hull.Oci", "Hull.Linux", "Hull.Runtime"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Nothing_starts_a_thread_or_uses_the_console(string project)
    {
        TypeReferences(AssemblyOf(project)).Should().NotBeEmpty().And.NotContain(Forbidden);
    }

    [Fact]
    public void A_thread_would_be_noticed()
    {
        TypeReferences(typeof(BoundaryTests).Assembly).Should().Contain("System.Threading.Tasks.Task");
        Task.CompletedTask.IsCompleted.Should().BeTrue();
    }

    [Theory]
    [InlineData("Hull.Oci", false)]
    [InlineData("Hull.Linux", true)]
    [InlineData("Hull.Runtime", false)]
    public void Only_Linux_has_unsafe_code(string project, bool unverifiable)
    {
        // The compiler marks a module in which unsafe code was allowed.
        AssemblyOf(project).ManifestModule.IsDefined(typeof(UnverifiableCodeAttribute), inherit: false).Should().Be(unverifiable);
    }

    [Fact]
    public void Only_one_project_allows_unsafe_code()
    {
        string[] allowing = [.. Directory.GetFiles(SourceTree.Place("src"), "*.*proj", SearchOption.AllDirectories)
            .Where(file => AllowsUnsafe().IsMatch(File.ReadAllText(file))).Select(file => Path.GetFileName(file))];

        allowing.Should().Equal("Linux.csproj");
        File.ReadAllText(SourceTree.Place("Directory.Build.props")).Should().NotContain("AllowUnsafeBlocks");
    }

    [Fact]
    public void Only_the_command_line_knows_the_package_that_reads_it()
    {
        string runtime = SourceTree.Place("src", "Runtime");
        string[] users = [.. Sources.In(runtime).Where(file => UsesPackage().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(runtime, file))];

        users.Should().NotBeEmpty();
        users.Should().OnlyContain(file => file.StartsWith("Cli/", StringComparison.Ordinal));
    }

    private static Assembly AssemblyOf(string project) => project switch
    {
        "Hull.Oci" => typeof(Config).Assembly,
        "Hull.Linux" => typeof(Operation).Assembly,
        _ => typeof(CreatePlanner).Assembly,
    };

    private static HashSet<string> TypeReferences(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")];
    }

    [GeneratedRegex("<AllowUnsafeBlocks>", RegexOptions.IgnoreCase)]
    private static partial Regex AllowsUnsafe();

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?(global::)?CommandLine\b|global::CommandLine\.", RegexOptions.Multiline)]
    private static partial Regex UsesPackage();
}
