using System.Collections.Immutable;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a command has done to a container.</summary>
/// <param name="Kind">One of <see cref="Notices"/>' names.</param>
/// <param name="Time">When, as a record tells it.</param>
/// <param name="Pid">Which process it is about; 0 for none.</param>
/// <param name="Words">The program's arguments, or the properties that were changed.</param>
internal sealed record Notice(string Kind, string Time, int Pid, ImmutableArray<string> Words);

/// <summary>
/// What commands tell those who follow a container with <c>events</c>: a line each in a file of its directory. That somebody follows is said by
/// the sticky bit of that directory, which a command sees in what it asks of it anyway: as long as nobody does, it does nothing more for it.
/// Followers hold a shared lock on the file; a command that finds none of them left removes both.
/// </summary>
internal static class Notices
{
    /// <summary>The file's name in the container's directory.</summary>
    public const string FileName = "notices";

    /// <summary>The program of a created container has begun to run.</summary>
    public const string Started = "started";

    /// <summary>Another program has joined the container.</summary>
    public const string Exec = "exec";

    /// <summary>The container was frozen.</summary>
    public const string Paused = "paused";

    /// <summary>The container goes on.</summary>
    public const string Resumed = "resumed";

    /// <summary>Its limits were changed.</summary>
    public const string Updated = "updated";

    private const uint Sticky = 0x200, DirectoryMode = 0x1C0, FileMode = 0x180;

    /// <summary>A longer file begins anew: who follows has read it long ago.</summary>
    private const long MostBytes = 1 << 20;

    /// <summary>Arguments beyond so many characters are cut off.</summary>
    private const int MostCharacters = 2048;

    /// <summary>Whether the directory of a container says that somebody follows it.</summary>
    public static bool AreFollowed(in FileStatus directory) => (directory.Mode & Sticky) != 0;

    /// <summary>Tells what was done, if somebody wants to know. That this fails is no failure of what was done.</summary>
    public static void Tell(ContainerDirectory directory, string kind, int pid = 0, IEnumerable<string>? words = null)
    {
        if (!directory.IsFollowed)
        {
            return;
        }

        SyscallResult opened = Files.OpenAt(directory.Fd, FileName, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.NoFollow);
        if (opened.Failed)
        {
            return;
        }

        using var file = new OwnedFd(opened.Fd.Number);
        if (!Files.Lock(file, LockOperation.Exclusive | LockOperation.NonBlocking).Failed)
        {
            // In this order: who follows from now on makes a new file once this one is gone, and its bit must stay.
            Files.ChangeMode(directory.Fd, DirectoryMode);
            Files.Unlink(directory.Fd, FileName);
            return;
        }

        if (!Files.Status(file, "", AtFlags.EmptyPath, out FileStatus status).Failed && status.Size > MostBytes)
        {
            Files.Truncate(file, 0);
        }

        // One write is one line: O_APPEND.
        Files.WriteWaiting(file, Line(kind, pid, words ?? []));
    }

    /// <summary>Opens the file for one who follows from now on, and says so to all commands.</summary>
    public static OwnedFd Follow(ContainerDirectory directory)
    {
        while (true)
        {
            OwnedFd file = Files.OpenAt(directory.Fd, FileName, OpenFlags.ReadOnly | OpenFlags.Create | OpenFlags.NoFollow, FileMode)
                .OwnedOrThrow($"open {directory.Path}/{FileName}");
            Files.Lock(file, LockOperation.Shared).OrThrow($"flock {directory.Path}/{FileName}");
            Files.Status(file, "", AtFlags.EmptyPath, out FileStatus opened).OrThrow($"statx {directory.Path}/{FileName}");
            if (!Files.Status(directory.Fd, FileName, AtFlags.SymlinkNoFollow, out FileStatus named).Failed && named.Inode == opened.Inode)
            {
                Files.ChangeMode(directory.Fd, DirectoryMode | Sticky).OrThrow($"fchmod {directory.Path}");
                Files.Seek(file, 0, SeekOrigin.End).OrThrow("lseek");
                return file;
            }

            // A command has removed it between our open and our lock.
            file.Dispose();
        }
    }

    /// <summary>The notices in whole lines; what cannot be read is passed over.</summary>
    /// <param name="used">How many bytes were whole lines.</param>
    public static List<Notice> Read(ReadOnlySpan<byte> text, out int used)
    {
        List<Notice> notices = [];
        used = 0;
        while (text[used..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            try
            {
                notices.Add(Read(text.Slice(used, length)));
            }
            catch (JsonException)
            {
                // Cut off by a full disk.
            }

            used += length + 1;
        }

        return notices;
    }

    internal static byte[] Line(string kind, int pid, IEnumerable<string> words)
    {
        var json = new JsonText(indented: false);
        json.Open('{');
        json.Member("kind", kind);
        json.Member("time", ContainerRecord.TimeText(DateTime.UtcNow));
        json.Member("pid", pid);
        json.Name("words");
        json.Open('[');
        int left = MostCharacters;
        foreach (string word in words)
        {
            if (left <= 0)
            {
                json.Value("…");
                break;
            }

            json.Value(word.Length > left ? word[..left] + "…" : word);
            left -= word.Length;
        }

        json.Close(']');
        json.Close('}');
        return System.Text.Encoding.UTF8.GetBytes(json.ToString());
    }

    private static Notice Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        string kind = "", time = "", member = "";
        int pid = 0;
        var words = ImmutableArray.CreateBuilder<string>();
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName: member = json.GetString()!; break;
                case JsonTokenType.Number: pid = json.TryGetInt32(out int number) ? number : 0; break;
                case JsonTokenType.String when member == "kind": kind = json.GetString()!; break;
                case JsonTokenType.String when member == "time": time = json.GetString()!; break;
                case JsonTokenType.String: words.Add(json.GetString()!); break;
            }
        }

        return new Notice(kind, time, pid, words.DrainToImmutable());
    }
}
