namespace Hull.Oci;

/// <summary>Reads mounts and the mappings of ids.</summary>
internal static class MountReader
{
    internal static Mount? ReadMount(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? destination = null, source = null, type = null;
        IReadOnlyList<string>? options = null;
        IReadOnlyList<IdMapping>? uidMappings = null, gidMappings = null;
        while (reader.NextMember())
        {
            if (reader.Is("destination")) destination = reader.ReadString();
            else if (reader.Is("source")) source = reader.ReadString();
            else if (reader.Is("type")) type = reader.ReadString();
            else if (reader.Is("options")) options = reader.ReadStrings();
            else if (reader.Is("uidMappings")) uidMappings = ReadMappings(ref reader);
            else if (reader.Is("gidMappings")) gidMappings = ReadMappings(ref reader);
            else reader.SkipUnknown();
        }

        if (destination is null)
        {
            reader.Missing(Rules.MountDestination, "destination");
            return null;
        }

        return new Mount
        {
            Destination = destination,
            Source = source,
            Type = type,
            Options = options,
            UidMappings = uidMappings,
            GidMappings = gidMappings,
        };
    }

    internal static IReadOnlyList<IdMapping>? ReadMappings(ref DocumentReader reader) => reader.ReadList(ReadMapping);

    private static IdMapping? ReadMapping(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        uint? containerId = null, hostId = null, size = null;
        while (reader.NextMember())
        {
            if (reader.Is("containerID")) containerId = reader.ReadUInt32();
            else if (reader.Is("hostID")) hostId = reader.ReadUInt32();
            else if (reader.Is("size")) size = reader.ReadUInt32();
            else reader.SkipUnknown();
        }

        if (containerId is null || hostId is null || size is null)
        {
            reader.Missing(
                Rules.MappingIsComplete,
                containerId is null ? "containerID" : null,
                hostId is null ? "hostID" : null,
                size is null ? "size" : null);
            return null;
        }

        return new IdMapping { ContainerId = containerId.Value, HostId = hostId.Value, Size = size.Value };
    }
}
