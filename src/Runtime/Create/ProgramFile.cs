using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Why a file did not become the program, read from the file itself. The kernel answers ENOENT for a missing file and for a file whose interpreter
/// or loader is missing, and ENOEXEC for whatever it cannot read. Asked only after the failure.
/// </summary>
internal static class ProgramFile
{
    private const int Beginning = 4096;
    private const int LongestName = 256;
    private const int InterpreterHeader = 3;

    /// <summary>A sentence that says what is missing or wrong; null when the file does not tell.</summary>
    /// <param name="root">The directory that is the container's root; what is mounted below it only there is not seen.</param>
    /// <param name="name">The first of <c>process.args</c>.</param>
    /// <param name="candidates">The files that it may mean.</param>
    public static string? WhyNot(string root, string name, ImmutableArray<CString> candidates)
    {
        try
        {
            using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, root);
            if (HostFiles.ListDirectory(directory, ".").TrueForAll(entry => entry is "dev" or "proc" or "sys"))
            {
                return $"the root file system {root} is empty: fill it, as with the files of an image";
            }

            foreach (CString candidate in candidates)
            {
                SyscallResult opened = Files.OpenAt2(directory, candidate, OpenFlags.Path, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
                if (!opened.Failed)
                {
                    using var file = new OwnedFd(opened.Fd.Number);
                    return WhyNot(directory, file);
                }
            }

            string[] parts = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return parts.Length < 2 ? null
                : $"the first of process.args has spaces in it; each argument is a text of its own: [{string.Join(", ", parts.Select(CallerText.Quote))}]";
        }
        catch (KernelException)
        {
            // This explains another failure, which is told anyway.
            return null;
        }
    }

    /// <summary>One of the files is in the container's root; what cannot be looked at counts as there.</summary>
    public static bool IsThere(string root, ImmutableArray<CString> candidates)
    {
        SyscallResult directory = Files.OpenAt(Fd.CurrentDirectory, root, OpenFlags.Path | OpenFlags.Directory);
        if (directory.Failed)
        {
            return true;
        }

        using var opened = new OwnedFd(directory.Fd.Number);
        return candidates.Any(candidate => !IsMissing(opened, Encoding.UTF8.GetBytes(candidate.ToString())));
    }

    private static string? WhyNot(Fd root, Fd file)
    {
        Files.Status(file, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx");
        if (status.Type == FileType.Directory)
        {
            return "it is a directory";
        }

        if (status.Type != FileType.Regular)
        {
            return "it is no regular file";
        }

        if ((status.Mode & 0b001_001_001) == 0)
        {
            return "the file is not executable: chmod +x";
        }

        // A descriptor of a path cannot be read; what it names is known to be a regular file.
        using OwnedFd opened = Files.OpenAt(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.Number}"), OpenFlags.ReadOnly).OwnedOrThrow("open");
        byte[] buffer = new byte[Beginning];
        ReadOnlySpan<byte> content = buffer.AsSpan(0, (int)Files.Read(opened, buffer).OrThrow("read"));
        return content.StartsWith("#!"u8) ? WhyNotScript(root, content[2..])
            : content.StartsWith("\u007fELF"u8) ? WhyNotElf(root, content)
            : null;
    }

    private static string? WhyNotScript(Fd root, ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line : line[..end]).Trim(" \t"u8);
        int space = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> name = space < 0 ? line : line[..space];
        if (name.EndsWith("\r"u8))
        {
            return $"its first line ends in CR LF, so the kernel looks for the interpreter \"{Text(name[..^1])}\\r\": save the script with LF alone";
        }

        return IsMissing(root, name) ? $"it is a script, and its interpreter {Text(name)} is not in the container" : null;
    }

    private static string? WhyNotElf(Fd root, ReadOnlySpan<byte> content)
    {
        const int X64 = 62, Arm64 = 183, HeaderSize = 64;
        if (content.Length < HeaderSize || content[4] != 2 || content[5] != 1)
        {
            return null;
        }

        int machine = BinaryPrimitives.ReadUInt16LittleEndian(content[18..]);
        if (machine != (Processor.IsArm64 ? Arm64 : X64))
        {
            string other = machine switch { X64 => "x86-64", Arm64 => "ARM64", 243 => "RISC-V", 22 => "s390x", 21 => "POWER", var number => $"machine {number} of elf.h" };
            return $"it is a program for another processor, {other}: take the image for this one";
        }

        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(content[32..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(content[54..]);
        for (int left = BinaryPrimitives.ReadUInt16LittleEndian(content[56..]); left > 0 && size >= 56 && offset + (ulong)size <= (ulong)content.Length; left--, offset += (ulong)size)
        {
            ReadOnlySpan<byte> header = content[(int)offset..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == InterpreterHeader)
            {
                ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
                return start < (ulong)content.Length ? WhyNotLoader(root, content[(int)start..]) : null;
            }
        }

        return null;
    }

    private static string? WhyNotLoader(Fd root, ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        return end > 0 && IsMissing(root, text[..end])
            ? $"it is linked dynamically, and its loader {Text(text[..end])} is not in the container: add the C library that it was built for, or link it statically"
            : null;
    }

    private static bool IsMissing(Fd root, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > LongestName)
        {
            return false;
        }

        SyscallResult opened = Files.OpenAt2(root, Encoding.UTF8.GetString(name), OpenFlags.Path, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
        if (!opened.Failed)
        {
            Files.Close(opened.Fd);
        }

        return opened.Errno is Errno.ENOENT or Errno.ENOTDIR;
    }

    private static string Text(ReadOnlySpan<byte> name) => CallerText.Printable(Encoding.UTF8.GetString(name));
}
