using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Processes in a form that helps who must find out why they hang.</summary>
internal static class ProcessNames
{
    private const int Enough = 8;

    /// <summary><c>4711 (nfsd, D, nfs_wait)</c>: number, name, state and where in the kernel it waits; not more than a few.</summary>
    public static string Describe(IEnumerable<int> pids)
    {
        int[] all = [.. pids.Order()];
        string some = string.Join(", ", all.Take(Enough).Select(Describe));
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
        return string.Create(CultureInfo.InvariantCulture, $"{pid} ({OptionReader.Printable(stat[(open + 1)..close])}, {stat[close + 2]}{where})");
    }

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
