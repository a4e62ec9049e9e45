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
