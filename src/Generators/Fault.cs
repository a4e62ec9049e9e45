using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Hull.Generators;

/// <summary>A diagnostic that compares by value, as all that leaves a step of an incremental generator must.</summary>
internal sealed class Fault : IEquatable<Fault>
{
    private readonly DiagnosticDescriptor descriptor;
    private readonly Place place;
    private readonly string[] arguments;

    /// <param name="descriptor">What is wrong.</param>
    /// <param name="at">The member that is meant; its name is the first argument of the message.</param>
    /// <param name="arguments">The other arguments.</param>
    public Fault(DiagnosticDescriptor descriptor, ISymbol at, params string[] arguments)
        : this(descriptor, Place.Of(at), arguments)
    {
    }

    public Fault(DiagnosticDescriptor descriptor, Place place, params string[] arguments)
    {
        this.descriptor = descriptor;
        this.place = place;
        this.arguments = [place.Name, .. arguments];
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(descriptor, place.ToLocation(), arguments);

    public bool Equals(Fault? other) =>
        other is not null && descriptor.Id == other.descriptor.Id && place.Equals(other.place) && arguments.SequenceEqual(other.arguments);

    public override bool Equals(object? obj) => Equals(obj as Fault);

    public override int GetHashCode() => place.GetHashCode();
}

/// <summary>Where something is declared, and its name; Roslyn's own locations compare by the tree, which each edit replaces.</summary>
internal readonly struct Place : IEquatable<Place>
{
    private readonly (string File, TextSpan Span, LinePositionSpan Lines, string Name) value;

    private Place((string File, TextSpan Span, LinePositionSpan Lines, string Name) value) => this.value = value;

    public string Name => value.Name;

    public static Place Of(ISymbol symbol)
    {
        Location location = symbol.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None;
        FileLinePositionSpan lines = location.GetLineSpan();
        string name = symbol is INamedTypeSymbol ? symbol.Name : $"{symbol.ContainingType?.Name}.{symbol.Name}";
        return new Place((lines.Path ?? "", location.SourceSpan, lines.Span, name));
    }

    public Location ToLocation() => value.File.Length == 0 ? Location.None : Location.Create(value.File, value.Span, value.Lines);

    public bool Equals(Place other) => value.Equals(other.value);

    public override bool Equals(object? obj) => obj is Place other && Equals(other);

    public override int GetHashCode() => value.GetHashCode();
}

/// <summary>The code generated for one declaration, and what could not be read of it.</summary>
internal sealed class Generated : IEquatable<Generated>
{
    private readonly IReadOnlyList<Fault> faults;

    public Generated(INamedTypeSymbol declared, string key, string code, IReadOnlyList<Fault> faults)
    {
        Declared = Place.Of(declared);
        Name = declared.ToDisplayString();
        Key = key;
        Code = code;
        this.faults = faults;
    }

    /// <summary>The full name of what was declared.</summary>
    public string Name { get; }

    /// <summary>What distinguishes it beside its name: the command of a class of options, the method of a class; empty for neither.</summary>
    public string Key { get; }

    /// <summary>Where it was declared.</summary>
    public Place Declared { get; }

    public string Code { get; }

    public void Report(SourceProductionContext context)
    {
        foreach (Fault fault in faults)
        {
            context.ReportDiagnostic(fault.ToDiagnostic());
        }
    }

    public bool Equals(Generated? other) => other is not null && Name == other.Name && Key == other.Key && Code == other.Code
        && Declared.Equals(other.Declared) && faults.SequenceEqual(other.faults);

    public override bool Equals(object? obj) => Equals(obj as Generated);

    public override int GetHashCode() => Code.GetHashCode();
}
