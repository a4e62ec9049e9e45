using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The session keyring of a container, taken by the host process for one that it will clone.</summary>
internal static class SessionKeyring
{
    /// <summary>Takes it, with its label.</summary>
    /// <param name="procfs">The root of the host's procfs; needed for a label.</param>
    /// <exception cref="KernelException">There is no keyring, or it cannot be labelled.</exception>
    public static void Take(TakeSessionKeyring action, Fd procfs)
    {
        if (action.Label is { } label)
        {
            HostFiles.WriteAll(procfs, SecurityPlanning.KeyLabel, Encoding.UTF8.GetBytes(label));
        }

        Keys.LeaveSessionKeyring(action.Name).OrThrow("keyctl KEYCTL_JOIN_SESSION_KEYRING");
        if (action.Label is not null)
        {
            // Our own keys are labelled as before.
            HostFiles.WriteAll(procfs, SecurityPlanning.KeyLabel, "\n"u8);
        }
    }
}
