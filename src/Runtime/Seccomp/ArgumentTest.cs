using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A condition on one argument, ready to be compared: masked, and as wide as the architecture's arguments (SEC-07, SEC-11).</summary>
/// <param name="Index">The argument.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Mask">The bits that count; all, except for <see cref="SeccompOperator.MaskedEqual"/>.</param>
/// <param name="Value">What those bits are compared with.</param>
internal readonly record struct ArgumentTest(uint Index, SeccompOperator Operator, ulong Mask, ulong Value)
{
    /// <summary>
    /// What a condition means where all 64 bits count. Bits of valueTwo outside of the mask count for nothing, as in libseccomp: with them
    /// the condition could never hold.
    /// </summary>
    public static ArgumentTest Of(SeccompArgument argument) => argument.Op == SeccompOperator.MaskedEqual
        ? new ArgumentTest(argument.Index, argument.Op, argument.Value, (argument.ValueTwo ?? 0) & argument.Value)
        : new ArgumentTest(argument.Index, argument.Op, ulong.MaxValue, argument.Value);

    /// <summary>What remains of it where arguments have 32 bits: constants are cut off as well, as in libseccomp.</summary>
    public ArgumentTest Narrowed => new(Index, Operator, Mask & uint.MaxValue, Value & uint.MaxValue);

    /// <summary>Whether it holds of an argument, cut off where arguments have 32 bits.</summary>
    public bool Holds(ulong argument) => Operator switch
    {
        SeccompOperator.NotEqual => argument != Value,
        SeccompOperator.LessThan => argument < Value,
        SeccompOperator.LessOrEqual => argument <= Value,
        SeccompOperator.GreaterOrEqual => argument >= Value,
        SeccompOperator.GreaterThan => argument > Value,
        SeccompOperator.Equal or SeccompOperator.MaskedEqual => (argument & Mask) == Value,
    };

    /// <summary>It holds whatever the argument is: no bit counts.</summary>
    public bool AlwaysHolds => Mask == 0;
}
