namespace Hull.Runtime;

/// <summary>A pidfd of the new process for whoever asked for one: sent when nothing but the program is left to be done.</summary>
internal static class PidfdPlanning
{
    private static Origin Demand => Origins.Lifecycle("OP-CRE-02");

    /// <summary>A socket that nobody listens on is noticed before anything is made.</summary>
    public static void Connect(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.PidfdSocket is { } socket)
        {
            plan.HostBefore(new ConnectPidfdSocket(socket), Demand);
        }
    }

    /// <param name="kind">What is sent with it: <c>standard</c> or <c>setns</c>.</param>
    public static void Send(ResolvedProgram program, string kind, PlanBuilder plan)
    {
        if (program.PidfdSocket is not null)
        {
            plan.Host(new SendPidfd(kind), Demand);
        }
    }
}
