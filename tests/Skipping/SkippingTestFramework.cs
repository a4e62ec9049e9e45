using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Hull.Skipping;

/// <summary>xunit's own framework, with one change on the way to the runner: a test that failed with <see cref="SkippedException"/> was skipped.</summary>
public sealed class SkippingTestFramework(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assemblyName, sources, diagnostics)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, new Translator(executionMessageSink), executionOptions);
    }

    private sealed class Translator(IMessageSink inner) : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => inner.OnMessage(Translate(message));

        // Only a lone exception: if cleaning up failed as well, that failure counts.
        private static IMessageSinkMessage Translate(IMessageSinkMessage message) =>
            message is ITestFailed { Messages: [{ } text] } failed && text.StartsWith(SkippedException.Prefix, StringComparison.Ordinal)
                ? new TestSkipped(failed.Test, text[SkippedException.Prefix.Length..])
                : message;
    }
}
