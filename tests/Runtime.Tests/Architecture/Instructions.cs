using System.Reflection;
using System.Reflection.Emit;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>What compiled code refers to: every type, method and field that an instruction names.</summary>
internal static class Instructions
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The types of an assembly, by the namespace that each is written in; those that a compiler has nested included.</summary>
    internal static IEnumerable<Type> TypesOf(Assembly assembly, Func<string, bool> inNamespace) =>
        assembly.GetTypes().Where(type => inNamespace(Outermost(type).Namespace ?? ""));

    /// <summary>The type that holds this one in the end: where its source is.</summary>
    internal static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    /// <summary>Each member that the methods of a type name, with the method that does.</summary>
    internal static IEnumerable<(MethodBase From, MemberInfo To)> ReferencesOf(Type type)
    {
        IEnumerable<MethodBase> methods = [.. type.GetMethods(Everything), .. type.GetConstructors(Everything)];
        return methods.SelectMany(method => References(method).Select(member => (method, member)));
    }

    private static List<MemberInfo> References(MethodBase method)
    {
        var found = new List<MemberInfo>();
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[] ofType = method.DeclaringType!.GetGenericArguments();
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            OpCode operation = Codes[value == 0xFE ? (short)((value << 8) | code[at++]) : value];
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                found.Add(method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!);
            }

            at += Length(operation.OperandType, code, at);
        }

        return found;
    }

    private static int Length(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
