using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>
/// Writes and reads an enumeration by the specification's names (<see cref="SpecNames"/>); a name that is not in the list is an error.
/// </summary>
/// <param name="names">The names, a table of <see cref="SpecNames"/>; the values are 0, 1, 2 …</param>
internal abstract class SpecNameConverter<T>(string names) : JsonConverter<T>
    where T : struct, Enum
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        int index = SpecNames.IndexOf(names, reader.GetString());
        return index >= 0 ? (T)Enum.ToObject(typeof(T), index) : throw new JsonException();
    }

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(SpecNames.At(names, Convert.ToInt32(value, CultureInfo.InvariantCulture)));
}

internal sealed class NamespaceTypeConverter() : SpecNameConverter<NamespaceType>(SpecNames.NamespaceTypes);

internal sealed class RlimitTypeConverter() : SpecNameConverter<RlimitType>(SpecNames.RlimitTypes);

internal sealed class SchedulerPolicyConverter() : SpecNameConverter<SchedulerPolicy>(SpecNames.SchedulerPolicies);

internal sealed class SchedulerFlagConverter() : SpecNameConverter<SchedulerFlag>(SpecNames.SchedulerFlags);

internal sealed class IoPriorityClassConverter() : SpecNameConverter<IoPriorityClass>(SpecNames.IoPriorityClasses);

internal sealed class DeviceTypeConverter() : SpecNameConverter<DeviceType>(SpecNames.DeviceTypes);

internal sealed class DeviceRuleTypeConverter() : SpecNameConverter<DeviceRuleType>(SpecNames.DeviceRuleTypes);

internal sealed class SeccompActionConverter() : SpecNameConverter<SeccompAction>(SpecNames.SeccompActions);

internal sealed class SeccompOperatorConverter() : SpecNameConverter<SeccompOperator>(SpecNames.SeccompOperators);

internal sealed class SeccompArchitectureConverter() : SpecNameConverter<SeccompArchitecture>(SpecNames.SeccompArchitectures);

internal sealed class SeccompFlagConverter() : SpecNameConverter<SeccompFlag>(SpecNames.SeccompFlags);

internal sealed class RootfsPropagationConverter() : SpecNameConverter<RootfsPropagation>(SpecNames.RootfsPropagations);

internal sealed class PersonalityDomainConverter() : SpecNameConverter<PersonalityDomain>(SpecNames.PersonalityDomains);

internal sealed class MemoryPolicyModeConverter() : SpecNameConverter<MemoryPolicyMode>(SpecNames.MemoryPolicyModes);

internal sealed class MemoryPolicyFlagConverter() : SpecNameConverter<MemoryPolicyFlag>(SpecNames.MemoryPolicyFlags);

internal sealed class ContainerStatusConverter() : SpecNameConverter<ContainerStatus>(SpecNames.ContainerStatuses);
