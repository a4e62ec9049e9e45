
namespace Hull.Runtime;

/// <summary>Which command answers which request.</summary>
internal static class CommandDispatch
{
    /// <summary>The program's exit status.</summary>
    internal static int Run(Invocation invocation, Log log)
    {
        GlobalOptions global = invocation.Global;
        return invocation.Request switch
        {
            CreateOptions options => CreateCommand.Run(global, options, log),
            StartOptions options => StartCommand.Run(global, options, log),
            RunOptions options => RunCommand.Run(global, options, log),
            ExecOptions options => ExecCommand.Run(global, options, log),
            StateOptions options => StateCommand.Run(global, options),
            KillOptions options => KillCommand.Run(global, options, log),
            DeleteOptions options => DeleteCommand.Run(global, options, log),
            UpdateOptions options => UpdateCommand.Run(global, options, log),
            ListOptions options => ListCommand.Run(global, options),
            PsOptions options => PsCommand.Run(global, options),
            PauseOptions options => PauseCommand.Run(global, options, log),
            ResumeOptions options => ResumeCommand.Run(global, options, log),
            EventsOptions options => EventsCommand.Run(global, options),
            SpecOptions options => SpecCommand.Run(options),
            FeaturesOptions => FeaturesCommand.Run(),
            ValidateOptions options => ValidateCommand.Run(options),
            SeccompOptions options => SeccompCommand.Run(options, log),
            PlanOptions options => PlanCommand.Run(global, options, log),
            HelpPage page => Print(Colours.AreSeenAt(new Hull.Linux.Fd(1)) ? Colours.Headings(page.Text) : page.Text),
            PlainText plain => Print(plain.Text),
            VersionRequest => Print(VersionText.Text),
            UsageError error => Refuse(error, log),
            _ => throw new RuntimeError("this command is not built yet"),
        };
    }

    private static int Print(string text)
    {
        StandardStreams.WriteOut(text);
        return ExitStatus.Success;
    }

    private static int Refuse(UsageError error, Log log)
    {
        log.Failure(error.Text);
        return error.ExitStatus;
    }
}
