namespace Hull.Runtime.Planning;

/// <summary>A pidfd of the new process for whoever asked for one: sent when nothing but the program is left to be done.</summary>
internal static class PidfdPlanning
{
    private static Origin Demand => Origins.Lifecycle("OP-CRE-02");

    /// <summary>A socket that nobody listens on is noticed before anything is made.</summary>
    public static void Connect(SettledProgram program, Lanes lanes)
    {
        if (program.PidfdSocket is { } socket)
        {
            lanes.Before(new ConnectPidfdSocket(socket), Demand);
        }
    }

    /// <param name="kind">What is sent with it: <c>standard</c> or <c>setns</c>.</param>
    public static void Send(SettledProgram program, string kind, Lanes lanes)
    {
        if (program.PidfdSocket is not null)
        {
            lanes.Beside(new SendPidfd(kind), Demand);
        }
    }
}
