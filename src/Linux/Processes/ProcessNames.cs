using System.Globalization;
using System.Text;

namespace Hull.Linux;

/// <summary>Processes for an error message: enough to find out why one hangs. proc_pid_stat(5), proc_pid_wchan(5)</summary>
public static class ProcessNames
{
    private const int Enough = 8;

    /// <summary><c>4711 (nfsd, D, nfs_wait)</c>: number, name, state and where in the kernel it waits; not more than a few.</summary>
    public static string Describe(IEnumerable<int> pids) => Describe(pids, Describe);

    /// <summary>
    /// The same of processes that do not end, with the functions of the kernel that each is in, the innermost first, where we may know them
    /// (CAP_SYS_ADMIN): <c>4711 (cat, D, rpc_wait_bit_killable; stack rpc_wait_bit_killable &lt; nfs4_proc_getattr)</c>. proc_pid_stack(5)
    /// </summary>
    public static string DescribeWaits(IEnumerable<int> pids) => Describe(pids, DescribeWait);

    private static string Describe(IEnumerable<int> pids, Func<int, string> one)
    {
        int[] all = [.. pids.Order()];
        string some = string.Join(", ", all.Take(Enough).Select(one));
        return all.Length <= Enough ? some : string.Create(CultureInfo.InvariantCulture, $"{some} and {all.Length - Enough} more");
    }

    private static string Describe(int pid)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/");
        string stat = Read(place + "stat"), waits = Read(place + "wchan").Trim();
        int open = stat.IndexOf('(', StringComparison.Ordinal), close = stat.LastIndexOf(") ", StringComparison.Ordinal);
        if (open < 0 || close < open || close + 2 >= stat.Length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{pid}");
        }

        string where = waits is "" or "0" ? "" : ", " + waits;
        return string.Create(CultureInfo.InvariantCulture, $"{pid} ({Printable(stat[(open + 1)..close])}, {stat[close + 2]}{where})");
    }

    private static string DescribeWait(int pid)
    {
        string described = Describe(pid), stack = Functions(Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stack")));
        return stack.Length == 0 || !described.EndsWith(')') ? described : $"{described[..^1]}; stack {stack})";
    }

    /// <summary>The names in lines like <c>[&lt;0&gt;] __refrigerator+0x4f/0x140</c>, the innermost few.</summary>
    internal static string Functions(string stack)
    {
        IEnumerable<string> names = stack.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim().Split('+')[0]);
        return string.Join(" < ", names.Take(Enough));
    }

    // A process chooses its own name: it may neither add lines nor move a terminal's cursor.
    private static string Printable(string name) => string.Concat(name.Select(character => char.IsControl(character) ? '?' : character));

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path) ?? []);
        }
        catch (KernelException)
        {
            // It has ended meanwhile, or is not ours to look into.
            return "";
        }
    }
}
