using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>
/// A path inside the container. It is never used as a path of the host: the executor opens it beneath the root's descriptor
/// (openat2(2), RESOLVE_IN_ROOT) and works through what it opened. <c>.</c>, <c>..</c> and double slashes are removed lexically, so that its
/// text says where it leads unless the image holds symbolic links.
/// </summary>
public sealed record RootfsPath
{
    private RootfsPath(CString text, ImmutableArray<Level> levels)
    {
        Text = text;
        Levels = levels;
    }

    /// <summary>The path without its leading slash; <c>.</c> for the root itself.</summary>
    public CString Text { get; }

    /// <summary>Each directory of the path and the last name, for making what is missing.</summary>
    public ImmutableArray<Level> Levels { get; }

    /// <summary>It is the root itself.</summary>
    public bool IsRoot => Levels.IsEmpty;

    /// <summary>Cleans and splits a path; a relative one counts from <c>/</c> (MNT-02).</summary>
    public static RootfsPath Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var names = new List<string>();
        foreach (string name in path.Split('/'))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name.Length > 0 && name != ".")
            {
                names.Add(name);
            }
        }

        var levels = ImmutableArray.CreateBuilder<Level>(names.Count);
        string walked = "";
        foreach (string name in names)
        {
            walked = walked.Length == 0 ? name : walked + "/" + name;
            levels.Add(new Level(new CString(walked), new CString(name)));
        }

        return new RootfsPath(new CString(walked.Length == 0 ? "." : walked), levels.MoveToImmutable());
    }

    /// <summary>The path as the container writes it.</summary>
    public override string ToString() => IsRoot ? "/" : "/" + Text;

    /// <inheritdoc/>
    public bool Equals(RootfsPath? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode();

    /// <summary>One step down a path.</summary>
    /// <param name="Path">From the root to here.</param>
    /// <param name="Name">The last name of it.</param>
    public readonly record struct Level(CString Path, CString Name);
}
