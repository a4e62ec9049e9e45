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

    /// <summary>
    /// Every method of an assembly that these can come to by calls: whatever their instructions name, the overrides of it, and the nested
    /// types that the compiler made of lambdas and iterators.
    /// </summary>
    internal static HashSet<MethodBase> ReachableFrom(IEnumerable<MethodBase> entries, Assembly assembly)
    {
        Type[] types = assembly.GetTypes();
        var reached = new HashSet<MethodBase>();
        var open = new Stack<MethodBase>(entries);
        while (open.TryPop(out MethodBase? method))
        {
            MethodBase plain = Plain(method);
            if (plain.Module.Assembly != assembly || !reached.Add(plain))
            {
                continue;
            }

            foreach (MethodBase next in References(plain).OfType<MethodBase>())
            {
                open.Push(next);
            }

            if (plain.DeclaringType is { } type && type.TypeInitializer is { } initializer)
            {
                open.Push(initializer);
            }

            if (plain is MethodInfo { IsVirtual: true } inherited)
            {
                foreach (MethodInfo own in types.Where(inherited.DeclaringType!.IsAssignableFrom).SelectMany(candidate => candidate.GetMethods(Everything)).Where(own => Overrides(own, inherited)))
                {
                    open.Push(own);
                }
            }
        }

        return reached;
    }

    private static bool Overrides(MethodInfo own, MethodInfo inherited) => own.IsVirtual && own.Name.Split('.')[^1] == inherited.Name;

    /// <summary>The method as it is written: without the type arguments of one use of it.</summary>
    private static MethodBase Plain(MethodBase method)
    {
        if (method is MethodInfo { IsGenericMethod: true } generic)
        {
            method = generic.GetGenericMethodDefinition();
        }

        return method.DeclaringType is { IsGenericType: true, IsGenericTypeDefinition: false } type
            ? (MethodBase)type.GetGenericTypeDefinition().GetMembers(Everything).Single(member => member.MetadataToken == method.MetadataToken)
            : method;
    }

    /// <summary>Each member that a method names.</summary>
    internal static IEnumerable<(MethodBase From, MemberInfo To)> ReferencesOf(MethodBase method) => References(method).Select(member => (method, member));

    /// <summary>Every type that a type names: its bases, the types of its members, and what its instructions refer to.</summary>
    internal static IEnumerable<Type> TypesNamedBy(Type type)
    {
        IEnumerable<Type?> named =
        [
            type.BaseType, .. type.GetInterfaces(), .. type.GetFields(Everything).Select(field => field.FieldType),
            .. type.GetMethods(Everything).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
            .. type.GetConstructors(Everything).SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)),
            .. ReferencesOf(type).Select(reference => reference.To as Type ?? reference.To.DeclaringType),
        ];
        return named.OfType<Type>().SelectMany(Parts).Distinct();
    }

    /// <summary>A type and the types that it is put together from: the element of an array, the arguments of a generic type.</summary>
    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts).Append(type);

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
