using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: TestFramework("Hull.Linux.Tests.SkippingTestFramework", "Hull.Linux.Tests")]

namespace Hull.Linux.Tests;

/// <summary>A test that cannot run here says why; it never counts as passed.</summary>
internal static class Skip
{
    /// <summary>What the message of a skipped test begins with, as in xunit 3. xunit 2 does not know it: see below.</summary>
    public const string Token = "$XunitDynamicSkip$";

    /// <summary>Leaves the test when <paramref name="condition"/> holds.</summary>
    public static void When(bool condition, string reason)
    {
        if (condition)
        {
            throw new SkippedException(Token + reason);
        }
    }

    /// <summary>Leaves the test unless we are user 0.</summary>
    public static void UnlessRoot() => When(Credentials.EffectiveUserId() != 0, "needs root");

    private sealed class SkippedException(string message) : Exception(message);
}

/// <summary>xunit 2 with the one addition that a failure whose message begins with <see cref="Skip.Token"/> is a skipped test.</summary>
public sealed class SkippingTestFramework(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, sources, diagnostics)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, new SkippingSink(executionMessageSink), executionOptions);
    }

    private sealed class SkippingSink(IMessageSink next) : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => next.OnMessage(
            message is ITestFailed { Messages: [{ } text, ..] } failed && text.StartsWith(Skip.Token, StringComparison.Ordinal)
                ? new TestSkipped(failed.Test, text[Skip.Token.Length..])
                : message);
    }
}
