namespace Hull.Oci;

/// <summary>Reads the Linux part of the configuration.</summary>
internal static class LinuxReader
{
    internal static LinuxConfig? ReadLinux(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;
        IReadOnlyList<Namespace>? namespaces = null;
        IReadOnlyList<IdMapping>? uidMappings = null, gidMappings = null;
        Map<TimeOffset>? timeOffsets = null;
        IReadOnlyList<Device>? devices = null;
        Map<NetDevice>? netDevices = null;
        string? cgroupsPath = null, mountLabel = null;
        Resources? resources = null;
        IntelRdt? intelRdt = null;
        MemoryPolicy? memoryPolicy = null;
        Map<string>? sysctl = null;
        Seccomp? seccomp = null;
        RootfsPropagation? rootfsPropagation = null;
        IReadOnlyList<string>? maskedPaths = null, readonlyPaths = null;
        Personality? personality = null;
        while (reader.NextMember())
        {
            if (reader.Is("namespaces")) namespaces = reader.ReadList(ReadNamespace);
            else if (reader.Is("uidMappings")) uidMappings = MountReader.ReadMappings(ref reader);
            else if (reader.Is("gidMappings")) gidMappings = MountReader.ReadMappings(ref reader);
            else if (reader.Is("timeOffsets")) timeOffsets = reader.ReadMap(ReadTimeOffset);
            else if (reader.Is("devices")) devices = reader.ReadList(DeviceReader.ReadDevice);
            else if (reader.Is("netDevices")) netDevices = reader.ReadMap(DeviceReader.ReadNetDevice);
            else if (reader.Is("cgroupsPath")) cgroupsPath = reader.ReadString();
            else if (reader.Is("resources")) resources = ResourcesReader.ReadResources(ref reader);
            else if (reader.Is("intelRdt")) intelRdt = MemoryReader.ReadIntelRdt(ref reader);
            else if (reader.Is("memoryPolicy")) memoryPolicy = MemoryReader.ReadMemoryPolicy(ref reader);
            else if (reader.Is("sysctl")) sysctl = reader.ReadMap<string>(DocumentReader.ReadStringValue);
            else if (reader.Is("seccomp")) seccomp = SeccompReader.ReadSeccomp(ref reader);
            else if (reader.Is("rootfsPropagation")) rootfsPropagation = ReadPropagation(ref reader);
            else if (reader.Is("maskedPaths")) maskedPaths = reader.ReadStrings();
            else if (reader.Is("readonlyPaths")) readonlyPaths = reader.ReadStrings();
            else if (reader.Is("mountLabel")) mountLabel = reader.ReadString();
            else if (reader.Is("personality")) personality = ReadPersonality(ref reader);
            else reader.SkipUnknown();
        }

        return new LinuxConfig
        {
            Namespaces = namespaces,
            UidMappings = uidMappings,
            GidMappings = gidMappings,
            TimeOffsets = timeOffsets,
            Devices = devices,
            NetDevices = netDevices,
            CgroupsPath = cgroupsPath,
            Resources = resources,
            IntelRdt = intelRdt,
            MemoryPolicy = memoryPolicy,
            Sysctl = sysctl,
            Seccomp = seccomp,
            RootfsPropagation = rootfsPropagation,
            MaskedPaths = maskedPaths,
            ReadonlyPaths = readonlyPaths,
            MountLabel = mountLabel,
            Personality = personality,
        };
    }

    private static RootfsPropagation? ReadPropagation(ref DocumentReader reader) =>
        (RootfsPropagation?)reader.ReadName(SpecNames.RootfsPropagations, Rules.PropagationIsKnown);

    private static Namespace? ReadNamespace(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        NamespaceType? type = null;
        string? path = null;
        while (reader.NextMember())
        {
            if (reader.Is("type")) type = (NamespaceType?)reader.ReadName(SpecNames.NamespaceTypes, Rules.NamespaceTypeIsKnown);
            else if (reader.Is("path")) path = reader.ReadString();
            else reader.SkipUnknown();
        }

        if (type is null)
        {
            reader.Missing(Rules.NamespaceTypeIsKnown, "type");
            return null;
        }

        return new Namespace { Type = type.Value, Path = path };
    }

    private static TimeOffset? ReadTimeOffset(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        long? secs = null;
        uint? nanosecs = null;
        while (reader.NextMember())
        {
            if (reader.Is("secs")) secs = reader.ReadInt64();
            else if (reader.Is("nanosecs")) nanosecs = reader.ReadUInt32();
            else reader.SkipUnknown();
        }

        return new TimeOffset { Secs = secs, Nanosecs = nanosecs };
    }

    private static Personality? ReadPersonality(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        PersonalityDomain? domain = null;
        IReadOnlyList<string>? flags = null;
        while (reader.NextMember())
        {
            if (reader.Is("domain")) domain = (PersonalityDomain?)reader.ReadName(SpecNames.PersonalityDomains, Rules.PersonalityIsKnown);
            else if (reader.Is("flags")) flags = reader.ReadStrings();
            else reader.SkipUnknown();
        }

        if (domain is null)
        {
            reader.Missing(Rules.PersonalityIsKnown, "domain");
            return null;
        }

        return new Personality { Domain = domain.Value, Flags = flags };
    }
}
