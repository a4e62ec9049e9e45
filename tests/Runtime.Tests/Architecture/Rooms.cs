using System.Reflection;
using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>In which folder of the source each type is declared. A project has one namespace, so the folder is told by the declaration.</summary>
internal static partial class Rooms
{
    /// <summary>The folder of each top-level type of a project, relative to the project; empty for its own folder.</summary>
    internal static Dictionary<string, string> Of(string project)
    {
        string root = SourceTree.Place("src", project);
        var rooms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Sources.In(root))
        {
            string room = Path.GetDirectoryName(Path.GetRelativePath(root, file))!;
            foreach (Match declaration in Declaration().Matches(File.ReadAllText(file)))
            {
                rooms[declaration.Groups[1].Value] = room;
            }
        }

        return rooms;
    }

    /// <summary>Which type of one folder names which type of another, as the compiled code has it: members, instructions and base types.</summary>
    internal static IEnumerable<(Type From, Type To)> Arrows(Assembly assembly, Dictionary<string, string> rooms)
    {
        foreach (Type type in assembly.GetTypes())
        {
            Type from = Instructions.Outermost(type);
            if (!rooms.TryGetValue(NameOf(from), out string? room))
            {
                continue;
            }

            foreach (Type to in Instructions.TypesNamedBy(type).Select(Instructions.Outermost).Distinct())
            {
                if (to.Assembly == assembly && rooms.TryGetValue(NameOf(to), out string? other) && other != room)
                {
                    yield return (from, to);
                }
            }
        }
    }

    /// <summary>The name in the source: without the number of type parameters.</summary>
    internal static string NameOf(Type type) => type.Name.Split('`')[0];

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|partial|ref|unsafe)\s+)*(?:class|record\s+struct|record|struct|interface|enum)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
