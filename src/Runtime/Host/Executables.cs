using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>Programs of the host that hull asks for help.</summary>
internal static class Executables
{
    // Where distributions put what only administrators call.
    private const string UsualPlaces = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The program's path, or null when there is none.</summary>
    /// <param name="name">A name without a slash.</param>
    /// <param name="searchPath">PATH; engines pass none to some commands.</param>
    public static string? Find(string name, string? searchPath)
    {
        foreach (string directory in (string.IsNullOrEmpty(searchPath) ? UsualPlaces : searchPath).Split(':'))
        {
            string path = $"{directory}/{name}";

            // A relative directory would be one of the caller's choice, wherever that happens to be.
            if (directory.StartsWith('/')
                && !Files.Status(Fd.CurrentDirectory, path, AtFlags.None, out FileStatus status).Failed && status.Type == FileType.Regular
                && !Files.Access(Fd.CurrentDirectory, path, AccessMode.Execute, AtFlags.EffectiveAccess).Failed)
            {
                return path;
            }
        }

        return null;
    }
}
