using System.Text;

namespace Hull.Oci;

/// <summary>Device nodes and network interfaces (DEV, NET).</summary>
internal static class DeviceValidator
{
    /// <summary>The largest numbers the kernel's device type holds: 12 and 20 bits.</summary>
    private const long MaximumMajor = 0xFFF;

    private const long MaximumMinor = 0xFFFFF;

    /// <summary>The largest name of an interface, without its NUL.</summary>
    private const int MaximumInterfaceName = 15;

    internal static void Check(LinuxConfig linux, NamespaceSet namespaces, SpecPath path, Violations violations)
    {
        ReadOnlySpan<Device> devices = linux.Devices.Items();
        for (int index = 0; index < devices.Length; index++)
        {
            CheckDevice(devices[index], path.Property("devices").Index(index), violations);
        }

        if (linux.NetDevices is { Count: > 0 } interfaces)
        {
            CheckInterfaces(interfaces, namespaces, path.Property("netDevices"), violations);
        }
    }

    private static void CheckDevice(Device device, SpecPath path, Violations violations)
    {
        if (!Validator.IsAbsolute(device.Path))
        {
            violations.Add(Rules.DeviceIsComplete, path.Property("path"), $"{Quoted.Text(device.Path)} is not an absolute path");
        }

        if (device.Type != DeviceType.Fifo)
        {
            CheckNumber(device.Major, MaximumMajor, "major", path, violations);
            CheckNumber(device.Minor, MaximumMinor, "minor", path, violations);
        }

        // The bits of the file's type may be there: engines copy st_mode.
        if (device.FileMode is > 0xFFFF)
        {
            violations.Add(
                Rules.DeviceModeIsMode,
                path.Property("fileMode"),
                $"{device.FileMode} is not a file mode; it is written in decimal, 438 for 0666");
        }
    }

    private static void CheckNumber(long? number, long maximum, string name, SpecPath parent, Violations violations)
    {
        if (number is null)
        {
            violations.Add(Rules.DeviceIsComplete, parent.Property(name), "is missing and must be given, except for type p");
        }
        else if (number < 0 || number > maximum)
        {
            violations.Add(Rules.DeviceIsComplete, parent.Property(name), $"{number} is not from 0 to {maximum}");
        }
    }

    private static void CheckInterfaces(Map<NetDevice> interfaces, NamespaceSet namespaces, SpecPath path, Violations violations)
    {
        if (!namespaces.Has(NamespaceType.Network))
        {
            violations.Add(Rules.InterfaceNeedsNamespace, path, "is given, but linux.namespaces has no network to move them into");
        }

        ReadOnlySpan<KeyValuePair<string, NetDevice>> entries = interfaces.Entries;
        for (int index = 0; index < entries.Length; index++)
        {
            string name = entries[index].Key;
            CheckInterfaceName(name, path.Property(name), violations);
            if (entries[index].Value.Name is { Length: > 0 } target)
            {
                CheckInterfaceName(target, path.Property(name).Property("name"), violations);
            }

            for (int earlier = 0; earlier < index; earlier++)
            {
                // A name with %d is a template: the kernel picks the number.
                if (NameInside(entries[earlier]) == NameInside(entries[index]) && !NameInside(entries[index]).Contains("%d"))
                {
                    violations.Add(
                        Rules.InterfaceNameIsFree,
                        path.Property(name),
                        $"gets the name {Quoted.Text(NameInside(entries[index]))}, and so does {path.Property(entries[earlier].Key)}");
                    break;
                }
            }
        }
    }

    private static string NameInside(KeyValuePair<string, NetDevice> entry) =>
        entry.Value.Name is { Length: > 0 } name ? name : entry.Key;

    private static void CheckInterfaceName(string name, SpecPath path, Violations violations)
    {
        bool isValid = name is not ("." or "..") && Encoding.UTF8.GetByteCount(name) is >= 1 and <= MaximumInterfaceName;
        foreach (char letter in name)
        {
            isValid &= letter is not ('/' or ':') && !char.IsWhiteSpace(letter);
        }

        if (!isValid)
        {
            violations.Add(
                Rules.InterfaceNameIsValid,
                path,
                $"{Quoted.Text(name)} is not a name of 1 to {MaximumInterfaceName} bytes without slash, colon, white space");
        }
    }
}
