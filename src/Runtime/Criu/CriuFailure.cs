namespace Hull.Runtime;

/// <summary>The error of a failed dump or restore: the first real error of CRIU's log in the first line, because engines show no other.</summary>
internal static class CriuFailure
{
    private const int MoreErrors = 3;

    /// <summary>CRIU has answered that it failed.</summary>
    /// <param name="what">What it could not do: <c>checkpoint: CRIU cannot save this container</c>.</param>
    public static RuntimeError Of(string what, CriuResponse answer, CheckpointDirectory directory, string logFile)
    {
        string type = answer.Type switch
        {
            CriuMessageType.Dump => "DUMP",
            CriuMessageType.PreDump => "PRE_DUMP",
            CriuMessageType.Restore => "RESTORE",
            var other => other.ToString().ToUpperInvariant(),
        };
        return Make(what, $"criu failed: type {type} errno {answer.Errno}", answer.FirstError, directory, logFile);
    }

    /// <summary>CRIU has ended without an answer.</summary>
    public static RuntimeError Of(string what, CriuGoneException gone, CheckpointDirectory directory, string logFile) =>
        Make(what, gone.Message, "", directory, logFile);

    private static RuntimeError Make(string what, string answer, string claimed, CheckpointDirectory directory, string logFile)
    {
        IReadOnlyList<string> errors = CriuLog.Errors(directory.Log(logFile));
        string reason = errors.Count > 0 ? errors[0] : claimed.Length > 0 ? CallerText.Printable(claimed) : answer;
        string path = $"{directory.WorkPath}/{logFile}";
        string log = HasLog(directory, logFile) ? $"; full log: {path}" : "";
        return new RuntimeError($"{what}: {reason} ({answer}{log}){Further(errors)}") { Hint = CriuLog.HintFor(errors.Count > 0 ? errors : [reason]) };
    }

    private static bool HasLog(CheckpointDirectory directory, string logFile) => directory.Log(logFile).Length > 0;

    /// <summary>An engine may remove the log before anybody reads it, so a few more of its errors stand in the message.</summary>
    private static string Further(IReadOnlyList<string> errors)
    {
        string[] more = [.. errors.Skip(1).Distinct().Take(MoreErrors)];
        return more.Length == 0 ? "" : $"; then: {string.Join("; ", more)}";
    }
}
