namespace Hull.Linux.Tests.ChildLint;

public sealed class LintTests
{
    /// <summary>
    /// Two functions of ours and what surrounds them, in the form of a real publish; the tests supply the body of Kernel.Call.
    /// </summary>
    private const string Symbols = """
        0000000000001000 l     F __managedcode	0000000000000040              .hidden Hull_Linux_Hull_Linux_Executor__Run
        0000000000002000 l     F __managedcode	0000000000000100              .hidden Hull_Linux_Hull_Linux_Kernel__Call
        0000000000003000 l     F __managedcode	0000000000000040              .hidden Hull_Linux_Hull_Linux_Executor___ctor
        0000000000004000 l     F __managedcode	0000000000000020              .hidden S_P_CoreLib_System_ThrowHelper__ThrowIndexOutOfRange
        0000000000005000 l     F .text	0000000000000039              RhpNewFast
        0000000000005100 l     F .text	0000000000000000              RhpGcPoll
        0000000000005200 l     F .text	000000000000003a              RhpPInvoke
        0000000000005300 l     F .text	0000000000000011              .hidden __errno_location
        0000000000005400 l     F .text	0000000000000033              syscall
        0000000000006000 l     F __managedcode	0000000000000040              .hidden RhSpanHelpers_MemZero
        0000000000006000 l     F __managedcode	0000000000000040              .hidden S_P_CoreLib_System_SpanHelpers__ClearWithoutReferences
        0000000000007000 l     F __managedcode	0000000000000040              .hidden S_P_CoreLib_Something__Folded
        0000000000007000 l     F __managedcode	0000000000000040              .hidden Hull_Linux_Hull_Linux_Fd__get_Number

        """;

    private const string Run = """
        0000000000001000 <Hull_Linux_Hull_Linux_Executor__Run>:
            1000:	push   rbx
            1001:	cmp    eax,DWORD PTR [rdi+0x8]
            1004:	jae    1020 <Hull_Linux_Hull_Linux_Executor__Run+0x20>
            1009:	call   2000 <Hull_Linux_Hull_Linux_Kernel__Call>
            100e:	jmp    1000 <Hull_Linux_Hull_Linux_Executor__Run>
            1020:	call   4000 <S_P_CoreLib_System_ThrowHelper__ThrowIndexOutOfRange>
            1025:	int3
        0000000000003000 <Hull_Linux_Hull_Linux_Executor___ctor>:
            3000:	call   5000 <RhpNewFast>

        """;

    [Fact]
    public void System_calls_errors_polls_and_cold_throws_are_allowed() => Check("""
            2000:	call   5400 <syscall>
            2005:	call   5100 <RhpGcPoll>
            200a:	call   5300 <__errno_location>
            200f:	call   7000 <S_P_CoreLib_Something__Folded>
            2014:	jmp    5400 <syscall>
        """).Should().BeEmpty();

    [Theory]
    [InlineData("call   5000 <RhpNewFast>", "RhpNewFast")]
    [InlineData("jmp    5000 <RhpNewFast>", "RhpNewFast")]
    [InlineData("jne    5000 <RhpNewFast>", "RhpNewFast")]
    [InlineData("call   5200 <RhpPInvoke>", "RhpPInvoke")]
    [InlineData("call   QWORD PTR [rax+0x28]", "an indirect call: call   QWORD PTR [rax+0x28]")]
    [InlineData("call   QWORD PTR [r10]", "an indirect call: call   QWORD PTR [r10]")]
    [InlineData("call   rax", "an indirect call: call   rax")]
    [InlineData("jmp    rax", "an indirect call: jmp    rax")]
    [InlineData("call   9000 <*ABS*+0x364580@plt>", "an unknown address: call   9000 <*ABS*+0x364580@plt>")]
    [InlineData("call   6000 <RhSpanHelpers_MemZero>", "RhSpanHelpers_MemZero")]
    [InlineData("syscall", "syscall: not through Libc.syscall")]
    public void Anything_else_is_reported_with_the_calls_that_lead_there(string instruction, string what) =>
        Check($"    2000:\t{instruction}\n").Should().Equal($"Executor__Run > Kernel__Call > {what}");

    [Theory]
    [InlineData("0x100", true)]
    [InlineData("0x400", true)]
    [InlineData("0x408", false)]
    public void A_block_is_cleared_only_when_it_is_small(string size, bool allowed) => Check($"""
            2000:	mov    esi,{size}
            2005:	lea    rdi,[rbp-0x500]
            200a:	call   6000 <RhSpanHelpers_MemZero>
        """).Should().HaveCount(allowed ? 0 : 1);

    [Fact]
    public void The_table_of_a_switch_is_no_indirect_call_but_its_jump_without_the_table_is()
    {
        const string Table = """
                2000:	lea    rsi,[rip+0xffffffffffe8597d]        # 238a78 <__readonlydata_Hull_Linux>
                2007:	mov    esi,DWORD PTR [rsi+rdi*4]
                200a:	lea    rax,[rip+0xffffffffffffffde]        # 3b30e3 <Hull_Linux_Hull_Linux_ErrnoText__Text+0x23>
                2011:	add    rsi,rax
                2014:	jmp    rsi
            """;
        Check(Table).Should().BeEmpty();
        Check(Table.Replace("DWORD PTR [rsi+rdi*4]", "QWORD PTR [rsi]", StringComparison.Ordinal)).Should().ContainSingle();
    }

    [Fact]
    public void A_binary_without_an_executor_is_refused() =>
        Lint.Check(new Listing("", "")).Violations.Should().Equal("no Executor.Run: not the right binary, or it was inlined");

    [Fact]
    public void The_container_process_of_the_published_binary_calls_nothing_it_must_not()
    {
        var listing = new Listing(PublishedBinary.Symbols(), PublishedBinary.Code());
        var (violations, functions) = Lint.Check(listing);
        violations.Should().BeEmpty();
        functions.Should().BeGreaterThan(50);
    }

    private static IReadOnlyList<string> Check(string call) => Lint.Check(new Listing(Symbols, Run + call)).Violations;
}
