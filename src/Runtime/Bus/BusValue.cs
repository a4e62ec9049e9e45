using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hull.Runtime;

/// <summary>A value as D-Bus carries it, with its type. Plain data: planning makes it, the connection sends it. D-Bus specification, "Type system"</summary>
internal abstract record BusValue
{
    /// <summary>The type as D-Bus writes it: <c>a(sv)</c>.</summary>
    public abstract string Signature { get; }

    public static BusValue Of(string text) => new BusText('s', text);

    public static BusValue Of(bool flag) => new BusNumber('b', flag ? 1u : 0u);

    public static BusValue Of(uint number) => new BusNumber('u', number);

    public static BusValue Of(ulong number) => new BusNumber('t', number);

    public static BusValue Texts(params ReadOnlySpan<string> texts)
    {
        var items = ImmutableArray.CreateBuilder<BusValue>(texts.Length);
        foreach (string text in texts)
        {
            items.Add(Of(text));
        }

        return new BusArray("s", items.MoveToImmutable());
    }

    public static BusValue Bytes(ReadOnlySpan<byte> bytes)
    {
        var items = ImmutableArray.CreateBuilder<BusValue>(bytes.Length);
        foreach (byte one in bytes)
        {
            items.Add(new BusNumber('y', one));
        }

        return new BusArray("y", items.MoveToImmutable());
    }

    /// <summary>The text of a string, an object path or a signature; the message is malformed when it is none.</summary>
    public string AsText() => this is BusText text ? text.Value : throw new BusFormatException($"a text was expected, not {Signature}");

    /// <summary>For people: plans and errors.</summary>
    public abstract override string ToString();
}

/// <summary>A number or a truth value: y, b, n, q, i, u, x, t or d.</summary>
/// <param name="Bits">The value; negative ones in two's complement of 64 bits, d as its bits.</param>
internal sealed record BusNumber(char Type, ulong Bits) : BusValue
{
    public override string Signature => Type.ToString();

    public override string ToString() => Type switch
    {
        'b' => Bits != 0 ? "true" : "false",
        'n' or 'i' or 'x' => ((long)Bits).ToString(CultureInfo.InvariantCulture),
        'd' => BitConverter.UInt64BitsToDouble(Bits).ToString("R", CultureInfo.InvariantCulture),
        't' when Bits == ulong.MaxValue => "infinity",
        _ => Bits.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>A string (s), an object path (o) or a signature (g).</summary>
internal sealed record BusText(char Type, string Value) : BusValue
{
    public override string Signature => Type.ToString();

    public override string ToString() => $"\"{Value}\"";
}

/// <summary>Values of one type.</summary>
internal sealed record BusArray(string ElementSignature, ImmutableArray<BusValue> Items) : BusValue
{
    public override string Signature => "a" + ElementSignature;

    public bool Equals(BusArray? other) =>
        other is not null && ElementSignature == other.ElementSignature && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override int GetHashCode() => HashCode.Combine(ElementSignature, Items.Length);

    public override string ToString() => $"[{BusTexts.Join(Items, ElementSignature == "y")}]";
}

/// <summary>Values of several types, in order.</summary>
internal sealed record BusStructure(ImmutableArray<BusValue> Members) : BusValue
{
    public override string Signature => $"({string.Concat(Members.Select(member => member.Signature))})";

    public bool Equals(BusStructure? other) => other is not null && Members.AsSpan().SequenceEqual(other.Members.AsSpan());

    public override int GetHashCode() => Members.Length;

    public override string ToString() => $"({BusTexts.Join(Members, hexadecimal: false)})";
}

/// <summary>An entry of a dictionary, which is an array of these.</summary>
internal sealed record BusEntry(BusValue Key, BusValue Value) : BusValue
{
    public override string Signature => $"{{{Key.Signature}{Value.Signature}}}";

    public override string ToString() => $"{Key}: {Value}";
}

/// <summary>A value that carries its type with it.</summary>
internal sealed record BusVariant(BusValue Value) : BusValue
{
    public override string Signature => "v";

    public override string ToString() => $"<{Value}>";
}

/// <summary>What arrived is not D-Bus.</summary>
internal sealed class BusFormatException(string message) : Exception(message);

/// <summary>Many values as one text.</summary>
internal static class BusTexts
{
    public static string Join(ImmutableArray<BusValue> values, bool hexadecimal)
    {
        var text = new StringBuilder();
        foreach (BusValue value in values)
        {
            text.Append(text.Length == 0 ? "" : hexadecimal ? " " : ", ");
            text.Append(hexadecimal && value is BusNumber number ? number.Bits.ToString("x2", CultureInfo.InvariantCulture) : value.ToString());
        }

        return text.ToString();
    }
}
