using System.Runtime.ExceptionServices;

namespace Hull.Linux.Tests;

/// <summary>
/// For the kernel, ids, capabilities, filters and namespaces belong to a thread. A test that changes them runs on a thread that ends with it,
/// so that no other test is affected.
/// </summary>
internal static class OwnThread
{
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        thrown?.Throw();
    }

    /// <summary>In namespaces of its own; mounts made there are seen nowhere else.</summary>
    public static void RunIn(NamespaceKinds kinds, Action action) => Run(() =>
    {
        var left = Namespaces.Unshare(kinds);
        Skip.Unless(left.Errno is not (Errno.EPERM or Errno.EINVAL or Errno.ENOSPC), $"needs new namespaces ({kinds}): {left.Errno}");
        left.OrThrow("unshare");
        if ((kinds & NamespaceKinds.Mount) != 0)
        {
            Mounts.SetAttributes(
                Fd.CurrentDirectory, "/", AtFlags.Recursive, MountAttributes.None, MountAttributes.None, MountPropagation.Private)
                .OrThrow("mount_setattr");
        }

        action();
    });
}
