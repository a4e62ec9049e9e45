namespace Hull.Oci;

internal static partial class ResourcesReader
{
    private static BlockIoResources? ReadBlockIo(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        ushort? weight = null, leafWeight = null;
        IReadOnlyList<BlockIoDeviceWeight>? weightDevice = null;
        IReadOnlyList<BlockIoDeviceThrottle>? readBps = null, writeBps = null, readIops = null, writeIops = null;
        while (reader.NextMember())
        {
            if (reader.Is("weight")) weight = reader.ReadUInt16();
            else if (reader.Is("leafWeight")) leafWeight = reader.ReadUInt16();
            else if (reader.Is("weightDevice")) weightDevice = reader.ReadList(ReadDeviceWeight);
            else if (reader.Is("throttleReadBpsDevice")) readBps = reader.ReadList(ReadDeviceThrottle);
            else if (reader.Is("throttleWriteBpsDevice")) writeBps = reader.ReadList(ReadDeviceThrottle);
            else if (reader.Is("throttleReadIOPSDevice")) readIops = reader.ReadList(ReadDeviceThrottle);
            else if (reader.Is("throttleWriteIOPSDevice")) writeIops = reader.ReadList(ReadDeviceThrottle);
            else reader.SkipUnknown();
        }

        return new BlockIoResources
        {
            Weight = weight,
            LeafWeight = leafWeight,
            WeightDevice = weightDevice,
            ThrottleReadBpsDevice = readBps,
            ThrottleWriteBpsDevice = writeBps,
            ThrottleReadIopsDevice = readIops,
            ThrottleWriteIopsDevice = writeIops,
        };
    }

    private static BlockIoDeviceWeight? ReadDeviceWeight(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        long? major = null, minor = null;
        ushort? weight = null, leafWeight = null;
        while (reader.NextMember())
        {
            if (reader.Is("major")) major = reader.ReadInt64();
            else if (reader.Is("minor")) minor = reader.ReadInt64();
            else if (reader.Is("weight")) weight = reader.ReadUInt16();
            else if (reader.Is("leafWeight")) leafWeight = reader.ReadUInt16();
            else reader.SkipUnknown();
        }

        if (major is null || minor is null)
        {
            reader.Missing(Rules.BlockWeightIsComplete, major is null ? "major" : null, minor is null ? "minor" : null);
            return null;
        }

        return new BlockIoDeviceWeight { Major = major.Value, Minor = minor.Value, Weight = weight, LeafWeight = leafWeight };
    }

    private static BlockIoDeviceThrottle? ReadDeviceThrottle(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        long? major = null, minor = null;
        ulong? rate = null;
        while (reader.NextMember())
        {
            if (reader.Is("major")) major = reader.ReadInt64();
            else if (reader.Is("minor")) minor = reader.ReadInt64();
            else if (reader.Is("rate")) rate = reader.ReadUInt64();
            else reader.SkipUnknown();
        }

        if (major is null || minor is null || rate is null)
        {
            reader.Missing(
                Rules.BlockThrottleIsComplete,
                major is null ? "major" : null,
                minor is null ? "minor" : null,
                rate is null ? "rate" : null);
            return null;
        }

        return new BlockIoDeviceThrottle { Major = major.Value, Minor = minor.Value, Rate = rate.Value };
    }

    private static HugepageLimit? ReadHugepageLimit(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? pageSize = null;
        ulong? limit = null;
        while (reader.NextMember())
        {
            if (reader.Is("pageSize")) pageSize = reader.ReadString();
            else if (reader.Is("limit")) limit = reader.ReadUInt64();
            else reader.SkipUnknown();
        }

        if (pageSize is null || limit is null)
        {
            reader.Missing(Rules.HugepageLimitIsValid, pageSize is null ? "pageSize" : null, limit is null ? "limit" : null);
            return null;
        }

        return new HugepageLimit { PageSize = pageSize, Limit = limit.Value };
    }

    private static NetworkResources? ReadNetwork(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        uint? classId = null;
        IReadOnlyList<InterfacePriority>? priorities = null;
        while (reader.NextMember())
        {
            if (reader.Is("classID")) classId = reader.ReadUInt32();
            else if (reader.Is("priorities")) priorities = reader.ReadList(ReadInterfacePriority);
            else reader.SkipUnknown();
        }

        return new NetworkResources { ClassId = classId, Priorities = priorities };
    }

    private static InterfacePriority? ReadInterfacePriority(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? name = null;
        uint? priority = null;
        while (reader.NextMember())
        {
            if (reader.Is("name")) name = reader.ReadString();
            else if (reader.Is("priority")) priority = reader.ReadUInt32();
            else reader.SkipUnknown();
        }

        if (name is null || priority is null)
        {
            reader.Missing(Rules.InterfacePriorityIsComplete, name is null ? "name" : null, priority is null ? "priority" : null);
            return null;
        }

        return new InterfacePriority { Name = name, Priority = priority.Value };
    }

    private static RdmaLimit? ReadRdmaLimit(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        uint? hcaHandles = null, hcaObjects = null;
        while (reader.NextMember())
        {
            if (reader.Is("hcaHandles")) hcaHandles = reader.ReadUInt32();
            else if (reader.Is("hcaObjects")) hcaObjects = reader.ReadUInt32();
            else reader.SkipUnknown();
        }

        return new RdmaLimit { HcaHandles = hcaHandles, HcaObjects = hcaObjects };
    }
}
