using System.Collections.Immutable;
using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Mappings of owners in the option itself, a form that crun knows: <c>uids=0-1000-10#20-2000-1;gids=0-1000-10</c>. Three numbers: the
/// first id in the file system, the first id that is shown, how many. A leading <c>@</c> counts the second one inside the container.
/// </summary>
internal static class OwnerMappings
{
    /// <exception cref="RuntimeError">The text is not of this form, or an id has no number on the host.</exception>
    public static MountOwners Parse(string text, ResolvedContainer container, Origin origin)
    {
        ImmutableArray<IdMapping> users = [];
        ImmutableArray<IdMapping> groups = [];
        foreach (string part in text.Split(';'))
        {
            if (part.StartsWith("uids=", StringComparison.Ordinal) && users.IsEmpty)
            {
                users = List(part["uids=".Length..], container.UserIdMappings, origin);
            }
            else if (part.StartsWith("gids=", StringComparison.Ordinal) && groups.IsEmpty)
            {
                groups = List(part["gids=".Length..], container.GroupIdMappings, origin);
            }
            else
            {
                throw Malformed(part, origin);
            }
        }

        return users.IsEmpty || groups.IsEmpty
            ? throw origin.Refuse("option idmap: uids and gids are both required (IDM-02)")
            : new MountOwners(users, groups, Below: false);
    }

    private static ImmutableArray<IdMapping> List(string text, ImmutableArray<IdMapping> inside, Origin origin)
    {
        var mappings = ImmutableArray.CreateBuilder<IdMapping>();
        foreach (string one in text.Split('#'))
        {
            bool relative = one.StartsWith('@');
            string[] numbers = (relative ? one[1..] : one).Split('-');
            if (numbers.Length != 3 || !Number(numbers[0], out uint stored) || !Number(numbers[1], out uint shown) || !Number(numbers[2], out uint size) || size == 0)
            {
                throw Malformed(one, origin);
            }

            mappings.Add(new IdMapping { ContainerId = stored, HostId = relative ? OnHost(shown, inside, origin) : shown, Size = size });
        }

        return mappings.ToImmutable();
    }

    private static uint OnHost(uint id, ImmutableArray<IdMapping> inside, Origin origin) => IdMapping.HostIdOf(inside, id)
        ?? throw origin.Refuse(string.Create(CultureInfo.InvariantCulture, $"option idmap: {id} is no id of the container's user namespace"));

    private static bool Number(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static RuntimeError Malformed(string part, Origin origin) =>
        origin.Refuse($"option idmap: \"{part}\" is not of the form uids=0-1000-10#20-2000-1;gids=0-1000-10");
}
