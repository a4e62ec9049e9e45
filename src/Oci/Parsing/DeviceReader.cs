namespace Hull.Oci;

/// <summary>Reads device nodes and network interfaces.</summary>
internal static class DeviceReader
{
    internal static Device? ReadDevice(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        DeviceType? type = null;
        string? path = null;
        long? major = null, minor = null;
        uint? fileMode = null, uid = null, gid = null;
        while (reader.NextMember())
        {
            if (reader.Is("type")) type = (DeviceType?)reader.ReadName(SpecNames.DeviceTypes, Rules.DeviceIsComplete);
            else if (reader.Is("path")) path = reader.ReadString();
            else if (reader.Is("major")) major = reader.ReadInt64();
            else if (reader.Is("minor")) minor = reader.ReadInt64();
            else if (reader.Is("fileMode")) fileMode = reader.ReadUInt32();
            else if (reader.Is("uid")) uid = reader.ReadUInt32();
            else if (reader.Is("gid")) gid = reader.ReadUInt32();
            else reader.SkipUnknown();
        }

        if (type is null || path is null)
        {
            reader.Missing(Rules.DeviceIsComplete, type is null ? "type" : null, path is null ? "path" : null);
            return null;
        }

        return new Device { Type = type.Value, Path = path, Major = major, Minor = minor, FileMode = fileMode, Uid = uid, Gid = gid };
    }

    internal static NetDevice? ReadNetDevice(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? name = null;
        while (reader.NextMember())
        {
            if (reader.Is("name")) name = reader.ReadString();
            else reader.SkipUnknown();
        }

        return new NetDevice { Name = name };
    }
}
