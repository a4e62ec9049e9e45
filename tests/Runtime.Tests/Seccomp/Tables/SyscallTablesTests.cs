using Hull.Oci;
using Hull.Skipping;

namespace Hull.Runtime.Tests.Seccomp.Tables;

/// <summary>The tables of system calls, beside the headers they come from.</summary>
public sealed class SyscallTablesTests
{
    public static TheoryData<string> TableNames => [.. HeaderSet.All.Select(set => set.Table)];

    [Theory]
    [MemberData(nameof(TableNames))]
    public void A_table_holds_what_the_headers_say(string table)
    {
        var set = HeaderSet.All.Single(candidate => candidate.Table == table);
        Skip.Unless(set.IsThere, $"needs {set.Package}");
        Skip.Unless(File.Exists("/usr/bin/gcc"), "needs gcc");
        var expected = HeaderReader.Read(set).ToDictionary(pair => pair.Key, pair => (uint)TableWriter.Encode(pair.Value));

        var numbers = Architectures.Numbers(Enum.Parse<SeccompArchitecture>(table)).ToArray();
        var actual = Enumerable.Range(0, SyscallNames.Count).Where(i => numbers[i] != SyscallNumbers.Absent)
            .ToDictionary(SyscallNames.At, i => (uint)numbers[i]);

        actual.Should().Equal(expected);
    }

    [Fact]
    public void Names_are_sorted_so_that_each_is_found()
    {
        var names = Enumerable.Range(0, SyscallNames.Count).Select(SyscallNames.At).ToArray();

        names.Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        names.Select(SyscallNames.IndexOf).Should().Equal(Enumerable.Range(0, names.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("openat2x")]
    [InlineData("zzz")]
    [InlineData("größer")]
    public void What_is_no_system_call_is_not_found(string name) => SyscallNames.IndexOf(name).Should().Be(-1);

    [Theory]
    [InlineData(SeccompArchitecture.X64, "openat2", 437)]
    [InlineData(SeccompArchitecture.X32, "ioctl", 514)]
    [InlineData(SeccompArchitecture.X86, "socketcall", 102)]
    [InlineData(SeccompArchitecture.Arm64, "openat", 56)]
    [InlineData(SeccompArchitecture.Arm, "set_tls", 0xF0005)]
    [InlineData(SeccompArchitecture.Mips64N32, "read", 6000)]
    [InlineData(SeccompArchitecture.LoongArch64, "clone3", 435)]
    public void Well_known_numbers_are_right(SeccompArchitecture architecture, string name, uint number) =>
        SyscallNumbers.Decode(Architectures.Numbers(architecture)[SyscallNames.IndexOf(name)]).Should().Be(number);

    [Theory]
    [InlineData(SeccompArchitecture.X86, "I386")]
    [InlineData(SeccompArchitecture.X64, "X86_64")]
    [InlineData(SeccompArchitecture.X32, "X86_64")]
    [InlineData(SeccompArchitecture.Arm, "ARM")]
    [InlineData(SeccompArchitecture.Arm64, "AARCH64")]
    [InlineData(SeccompArchitecture.LoongArch64, "LOONGARCH64")]
    [InlineData(SeccompArchitecture.M68K, "M68K")]
    [InlineData(SeccompArchitecture.Mips, "MIPS")]
    [InlineData(SeccompArchitecture.Mips64, "MIPS64")]
    [InlineData(SeccompArchitecture.Mips64N32, "MIPS64N32")]
    [InlineData(SeccompArchitecture.Mipsel, "MIPSEL")]
    [InlineData(SeccompArchitecture.Mipsel64, "MIPSEL64")]
    [InlineData(SeccompArchitecture.Mipsel64N32, "MIPSEL64N32")]
    [InlineData(SeccompArchitecture.PowerPc, "PPC")]
    [InlineData(SeccompArchitecture.PowerPc64, "PPC64")]
    [InlineData(SeccompArchitecture.PowerPc64LittleEndian, "PPC64LE")]
    [InlineData(SeccompArchitecture.S390, "S390")]
    [InlineData(SeccompArchitecture.S390X, "S390X")]
    [InlineData(SeccompArchitecture.SuperH, "SHEL")]
    [InlineData(SeccompArchitecture.SuperHBigEndian, "SH")]
    [InlineData(SeccompArchitecture.PaRisc, "PARISC")]
    [InlineData(SeccompArchitecture.PaRisc64, "PARISC64")]
    [InlineData(SeccompArchitecture.RiscV64, "RISCV64")]
    public void An_architectures_audit_number_is_the_headers(SeccompArchitecture architecture, string name)
    {
        Skip.Unless(File.Exists("/usr/include/linux/audit.h") && File.Exists("/usr/bin/gcc"), "needs linux-libc-dev and gcc");
        HeaderReader.AuditNumber(name).Should().Be(Architectures.AuditNumber(architecture));
    }

    /// <summary>Also the generator: with HULL_WRITE_TABLES=1 it writes the files first (README.md beside them).</summary>
    [Fact]
    public void The_files_are_what_the_generator_writes()
    {
        var missing = HeaderSet.All.Where(set => !set.IsThere).Select(set => set.Package).Distinct();
        Skip.Unless(!missing.Any(), $"needs {string.Join(' ', missing)}");
        var sources = SourceTree.Place("src", "Runtime", "Planning", "Seccomp", "Tables");
        if (Environment.GetEnvironmentVariable("HULL_WRITE_TABLES") == "1")
        {
            TableWriter.WriteAll(sources);
        }

        var written = Directory.CreateTempSubdirectory("hull-tables-");
        TableWriter.WriteAll(written.FullName);
        foreach (var file in written.GetFiles())
        {
            File.ReadAllText(Path.Combine(sources, file.Name)).Should().Be(File.ReadAllText(file.FullName), file.Name);
        }

        written.Delete(recursive: true);
    }
}
