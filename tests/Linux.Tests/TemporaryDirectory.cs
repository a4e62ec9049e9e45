namespace Hull.Linux.Tests;

/// <summary>A directory that goes with the test, open.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hull-test-");
    private readonly OwnedFd _fd;

    public TemporaryDirectory() => _fd = HostFiles.OpenDirectory(Fd.CurrentDirectory, _directory.FullName);

    public Fd Fd => _fd;

    public string Path => _directory.FullName;

    /// <summary>The path of something inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        _fd.Dispose();
        _directory.Delete(recursive: true);
    }
}
