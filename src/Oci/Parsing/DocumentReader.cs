using System.Text.Json;

namespace Hull.Oci;

/// <summary>
/// Walks a document for the readers of the single records, which all have one shape:
/// <code>
/// if (!reader.EnterObject()) return null;
/// while (reader.NextMember())
/// {
///     if (reader.Is("path")) path = reader.ReadString();
///     else reader.SkipUnknown(NamesOfRoot);
/// }
/// </code>
/// It knows where it is, reports what is wrong there, and goes on. It stands directly on Utf8JsonReader, because the metadata of a serializer
/// costs more at its first use than the rest of a container's start-up.
/// </summary>
internal ref partial struct DocumentReader
{
    /// <summary>How many levels a document may have (JSN-08), those of unknown properties included.</summary>
    internal const int MaximumDepth = 64;

    /// <summary>More than the specification's own eight levels: only properties that are known are entered.</summary>
    private const int KnownDepth = 16;

    private readonly Violations violations;
    private readonly Level[] levels;
    private Utf8JsonReader json;
    private int depth;
    private ReadOnlySpan<byte> memberName;
    private string[] strings;

    internal DocumentReader(ReadOnlySpan<byte> utf8, Violations violations)
    {
        this.violations = violations;
        json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });
        levels = new Level[KnownDepth];
        depth = -1;
        strings = new string[512];
    }

    /// <summary>Whether the whole document was read, so that a fault now is in what follows it.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Whether the next opening bracket is one too many.</summary>
    internal readonly bool IsTooDeep =>
        json.CurrentDepth + (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0) >= MaximumDepth;

    internal void Begin() => json.Read();

    internal void End()
    {
        IsComplete = true;
        json.Read();
    }

    /// <summary>Where the reader is.</summary>
    internal readonly SpecPath Path
    {
        get
        {
            SpecPath path = SpecPath.Root;
            for (int level = 0; level <= depth; level++)
            {
                if (levels[level].IsList)
                {
                    path = path.Index(levels[level].Index);
                }
                else if (levels[level].Name is string name)
                {
                    path = path.Property(name);
                }
            }

            return path;
        }
    }

    /// <summary>Steps into an object; false when the value is absent or, then reported, something else.</summary>
    internal bool EnterObject()
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            Mismatch("an object");
            return false;
        }

        levels[++depth] = default;
        return true;
    }

    /// <summary>Steps to the next member of the object; at its end steps out and answers false.</summary>
    internal bool NextMember()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
        {
            depth--;
            return false;
        }

        memberName = json.ValueIsEscaped ? UnescapedName() : json.ValueSpan;
        levels[depth].Candidates = 0;
        return true;
    }

    /// <summary>
    /// Whether the member has this name; if so steps to its value. A name that differs only in case is taken as meant, as the Go
    /// runtimes do. A record asks for all its names in one fixed order for each member, so that the position of a question identifies the
    /// name: it is the name's bit in <see cref="Level.Seen"/>.
    /// </summary>
    internal bool Is(string name)
    {
        ref Level level = ref levels[depth];
        int candidate = level.Candidates++;
        if (memberName.Length != name.Length || !Ascii.EqualsIgnoreCase(memberName, name))
        {
            return false;
        }

        level.Name = name;
        ulong bit = 1UL << candidate;
        bool isExact = Ascii.Equals(memberName, name);
        bool isSeen = (level.Seen & bit) != 0, isSeenExactly = isSeen && (level.SeenExactly & bit) != 0;
        level.Seen |= bit;
        level.SeenExactly |= isExact ? bit : 0;
        if (isSeen && isExact == isSeenExactly)
        {
            violations.Add(Rules.DocumentIsJson, Path, "is given twice");
        }
        else if (isSeen)
        {
            violations.Warn(Rules.NamesMatchExactly, Path, $"is given twice, once in other letters; the one written {Quoted.Text(name)} counts");
        }
        else if (!isExact)
        {
            violations.Warn(Rules.NamesMatchExactly, Path, $"written as {Quoted.Text(Ascii.Text(memberName))}, read as {Quoted.Text(name)}");
        }

        if (isSeenExactly && !isExact)
        {
            // Stepped over as a member that the specification does not define, which it is.
            return false;
        }

        json.Read();
        return true;
    }

    /// <summary>
    /// Steps over a member the specification does not define (JSN-02). One that is spelled nearly like a property that is not given is most
    /// likely that property, and the container would be without it in silence.
    /// </summary>
    /// <param name="names">The properties of the object, in the order of the questions.</param>
    internal void SkipUnknown(string[] names)
    {
        string name = MemberText();
        ref Level level = ref levels[depth];
        level.Name = name;
        if (!(level.Unknown ??= []).Add(name))
        {
            violations.Add(Rules.DocumentIsJson, Path, "is given twice");
        }

        const string ignored = "is not a property this runtime knows; ignored";
        if (NearestName.Of(name, names) is { } nearest && (level.Seen & (1UL << Array.IndexOf(names, nearest))) == 0)
        {
            violations.Warn(Rules.UnknownIsIgnored, Path, $"{ignored}; did you mean {Quoted.Text(nearest)}?");
        }
        else
        {
            violations.Notice(Rules.UnknownIsIgnored, Path, ignored);
        }

        json.Read();
        json.Skip();
    }

    /// <summary>Takes the member's name as the key of a map and steps to its value, which must not be null.</summary>
    internal string TakeKey()
    {
        string key = MemberText();
        levels[depth].Name = key;
        json.Read();
        return key;
    }

    /// <summary>Steps into a list; false when the value is absent or, then reported, something else.</summary>
    internal bool EnterList()
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            Mismatch("a list");
            return false;
        }

        levels[++depth] = new Level { IsList = true, Index = -1 };
        return true;
    }

    /// <summary>Steps to the next item of the list; at its end steps out and answers false.</summary>
    internal bool NextItem()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray)
        {
            depth--;
            return false;
        }

        levels[depth].Index++;
        return true;
    }

    /// <summary>An object or a list that the reader is in.</summary>
    private struct Level
    {
        /// <summary>The member the reader is at, in an object.</summary>
        internal string? Name;

        internal bool IsList;

        /// <summary>The item the reader is at, in a list.</summary>
        internal int Index;

        /// <summary>How many names the current member was compared with.</summary>
        internal int Candidates;

        /// <summary>One bit for each known name that occurred.</summary>
        internal ulong Seen;

        /// <summary>The same for those that occurred in exactly these letters.</summary>
        internal ulong SeenExactly;

        /// <summary>The unknown names that occurred.</summary>
        internal HashSet<string>? Unknown;
    }
}
