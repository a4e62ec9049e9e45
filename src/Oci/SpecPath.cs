using System.Globalization;
using System.Text;

namespace Hull.Oci;

/// <summary>
/// Where something is in a document: <c>linux.seccomp.syscalls[3].action</c>, <c>annotations["a b"]</c>.
/// A value; each step adds one small object that points to its parent, and the text is made only when it is read.
/// </summary>
public readonly struct SpecPath : IEquatable<SpecPath>
{
    private readonly Step? last;

    private SpecPath(Step last) => this.last = last;

    /// <summary>The document itself; its text is empty.</summary>
    public static SpecPath Root => default;

    /// <summary>The property or the entry of a map with this name; a name with odd characters is printed in brackets and quotes.</summary>
    public SpecPath Property(string name) => new(new Step(last, name, 0));

    /// <summary>The item of a list, counted from 0.</summary>
    public SpecPath Index(int index) => new(new Step(last, null, index));

    /// <summary>Whether this is <paramref name="other"/> or something inside it.</summary>
    public bool IsWithin(SpecPath other)
    {
        for (Step? step = last; ; step = step.Parent)
        {
            if (Same(step, other.last))
            {
                return true;
            }

            if (step is null)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Where this is in a document whose lists had items that were left out, when it names the lists without them: each index grows by the
    /// items before it that are missing.
    /// </summary>
    /// <param name="lost">Those items as the document has them, in its order.</param>
    internal SpecPath WithLost(IReadOnlyList<SpecPath> lost)
    {
        if (last is null)
        {
            return this;
        }

        SpecPath parent = last.Parent is null ? Root : new SpecPath(last.Parent).WithLost(lost);
        if (last.Name is not null)
        {
            return parent.Property(last.Name);
        }

        int index = last.Index;
        foreach (SpecPath item in lost)
        {
            bool isBefore = item.last is { Name: null } other && other.Index <= index && Same(other.Parent, parent.last);
            index += isBefore ? 1 : 0;
        }

        return parent.Index(index);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        Append(text, last);
        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(SpecPath other) => Same(last, other.last);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SpecPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(last?.Name, last?.Index);

    /// <summary>Whether both name the same place.</summary>
    public static bool operator ==(SpecPath left, SpecPath right) => left.Equals(right);

    /// <summary>Whether they name different places.</summary>
    public static bool operator !=(SpecPath left, SpecPath right) => !left.Equals(right);

    /// <summary>The steps from the document to this place.</summary>
    internal IReadOnlyList<(string? Name, int Index)> Steps()
    {
        var steps = new List<(string?, int)>();
        for (Step? step = last; step is not null; step = step.Parent)
        {
            steps.Insert(0, (step.Name, step.Index));
        }

        return steps;
    }

    private static bool Same(Step? left, Step? right)
    {
        while (left is not null && right is not null)
        {
            if (left.Name != right.Name || left.Index != right.Index)
            {
                return false;
            }

            left = left.Parent;
            right = right.Parent;
        }

        return left is null && right is null;
    }

    private static void Append(StringBuilder text, Step? step)
    {
        if (step is null)
        {
            return;
        }

        Append(text, step.Parent);
        if (step.Name is null)
        {
            text.Append('[').Append(step.Index.ToString(CultureInfo.InvariantCulture)).Append(']');
        }
        else if (IsWord(step.Name))
        {
            text.Append(text.Length > 0 ? "." : "").Append(step.Name);
        }
        else
        {
            text.Append('[').Append(Quoted.Text(step.Name)).Append(']');
        }
    }

    private static bool IsWord(string name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private sealed class Step(Step? parent, string? name, int index)
    {
        internal Step? Parent => parent;

        internal string? Name => name;

        internal int Index => index;
    }
}
