using System.Globalization;
using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources</c> as writes to the files of cgroups, in an order in which the kernel accepts them. Walks the table of resources;
/// each version says where its files are, and writes by hand what is not one value in one file.
/// </summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="state">What the cgroups say now: it decides the order.</param>
internal abstract class CgroupResources(ResourceSteps steps, CgroupState state)
{
    protected ResourceSteps Steps => steps;

    protected CgroupState State => state;

    /// <summary>Adds everything.</summary>
    /// <exception cref="RuntimeError">This host's cgroups cannot do what a property asks for.</exception>
    public void Add(Resources all)
    {
        foreach (ResourceField field in ResourceTable.Fields)
        {
            if (field.ByHand is { } add)
            {
                add(this, all);
            }
            else if (field.Of(all) is { IsSet: true } value)
            {
                Add(field, value);
            }
        }
    }

    /// <summary>Memory, and memory with swap.</summary>
    public abstract void AddMemory(Resources all);

    /// <summary>Shares of the processors: an idle cgroup has none, and one that ceases to be idle gets them anew (CPU-06).</summary>
    public void AddShares(Resources all)
    {
        ResourceValue idle = ResourceTable.CpuIdle.Of(all), shares = ResourceTable.CpuShares.Of(all);
        AddIfSet(ResourceTable.CpuIdle, idle);
        if (idle is not { IsSet: true, Number: 1 })
        {
            AddIfSet(ResourceTable.CpuShares, shares);
        }
    }

    /// <summary>Period, quota and burst; a burst may at no time exceed the quota (CPU-03).</summary>
    public void AddTime(Resources all)
    {
        ResourceValue burst = ResourceTable.CpuBurst.Of(all);
        bool less = burst.IsSet && NumberNow(ResourceTable.CpuBurst) >= burst.Clamped;
        if (less)
        {
            Add(ResourceTable.CpuBurst, burst);
        }

        AddQuota(ResourceTable.CpuPeriod.Of(all), ResourceTable.CpuQuota.Of(all));
        if (!less)
        {
            AddIfSet(ResourceTable.CpuBurst, burst);
        }
    }

    /// <summary>Real-time period and run time.</summary>
    public abstract void AddRealtime(Resources all);

    /// <summary>Weights and limits of single block devices.</summary>
    public abstract void AddBlockDevices(BlockIoResources? io);

    /// <summary>Limits of huge pages by their size.</summary>
    public void AddHugepages(IReadOnlyList<HugepageLimit>? limits)
    {
        for (int i = 0; i < (limits?.Count ?? 0); i++)
        {
            SpecPath path = All.Property("hugepageLimits").Index(i);
            AddHugepages(PageSize(limits![i].PageSize, path.Property("pageSize")), Text(limits[i].Limit), path);
        }
    }

    /// <summary>Priorities of network traffic by interface.</summary>
    public abstract void AddPriorities(IReadOnlyList<InterfacePriority>? priorities);

    /// <summary>Limits of RDMA devices: the same file in both versions; what is not limited is said to be so (CONV-RDMA).</summary>
    public void AddRdma(Map<RdmaLimit>? limits)
    {
        foreach (KeyValuePair<string, RdmaLimit> entry in limits is null ? default : limits.Entries)
        {
            SpecPath path = All.Property("rdma").Property(entry.Key);
            string value = $"{entry.Key} hca_handle={RdmaNumber(entry.Value.HcaHandles)} hca_object={RdmaNumber(entry.Value.HcaObjects)}";
            steps.Write(DirectoryOf("rdma", path), "rdma.max", value, path, RdmaRule);
        }
    }

    /// <summary>Files that the configuration names itself.</summary>
    public abstract void AddUnified(Map<string>? unified);

    /// <summary>The rule for limits of RDMA devices.</summary>
    protected abstract string RdmaRule { get; }

    /// <summary>The file that takes a property; null where this version has none.</summary>
    protected abstract CgroupFile? FileOf(ResourceField field);

    /// <summary>The container's cgroup for a controller.</summary>
    /// <exception cref="RuntimeError">The host does not have it; the error names the property that asked.</exception>
    protected abstract string DirectoryOf(string controller, SpecPath path);

    /// <summary>The container's cgroup for a file that the kernel may lack.</summary>
    protected abstract string DirectoryOfOptional(string controller, SpecPath path);

    /// <summary>What the file of a property says now.</summary>
    protected abstract long? NumberNow(ResourceField field);

    protected abstract void AddQuota(ResourceValue period, ResourceValue quota);

    protected abstract void AddHugepages(string size, string limit, SpecPath path);

    /// <summary>Adds a property that this version has no file for.</summary>
    protected abstract void AddWithoutFile(ResourceField field, ResourceValue value);

    /// <summary>Adds the write of one property.</summary>
    protected virtual void Add(ResourceField field, ResourceValue value)
    {
        SpecPath path = field.Path;
        if (field.Ignored is { } why)
        {
            steps.Warn(path, why);
        }
        else if (FileOf(field) is not { } file)
        {
            AddWithoutFile(field, value);
        }
        else if (file.Otherwise is { } other)
        {
            steps.WriteEither(DirectoryOf(file.Controller, path), new(file.Name, file.TextOf(value)), new(other.Name, other.TextOf(value)), path, file.Rule);
        }
        else if (file.MayLackFor(value))
        {
            steps.Write(DirectoryOfOptional(file.Controller, path), file.Name, file.TextOf(value), path, file.Rule, mayBeMissing: true);
        }
        else
        {
            steps.Write(DirectoryOf(file.Controller, path), file.Name, file.TextOf(value), path, file.Rule);
        }
    }

    protected void AddIfSet(ResourceField field, ResourceValue value)
    {
        if (value.IsSet)
        {
            Add(field, value);
        }
    }

    /// <summary>A block device and something about it: <c>8:0 100</c>.</summary>
    protected static string DeviceText(long major, long minor, string value) => $"{Text(major)}:{Text(minor)} {value}";

    /// <summary>The size of huge pages as the kernel spells it in names of files, with the largest unit that divides it: <c>2048KB</c> is <c>2MB</c> (HUG-01).</summary>
    internal static string PageSize(string size, SpecPath path)
    {
        const string units = "KMG";
        int unit = size.Length < 3 ? -1 : units.IndexOf(size[^2], StringComparison.Ordinal);
        if (unit < 0 || size[^1] != 'B' || !ulong.TryParse(size.AsSpan(0, size.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) || number == 0)
        {
            throw Refusal.Of(path, "HUG-01", $"\"{size}\" is not a size such as 64KB, 2MB or 1GB");
        }

        while (unit < units.Length - 1 && number % 1024 == 0)
        {
            number /= 1024;
            unit++;
        }

        return Text(number) + units[unit] + "B";
    }

    private static string RdmaNumber(uint? limit) => limit is { } number ? Text((long)number) : "max";
}
