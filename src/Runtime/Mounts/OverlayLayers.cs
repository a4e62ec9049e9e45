using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The directories of an overlay, as its options name them. Documentation/filesystems/overlayfs.rst</summary>
internal static class OverlayLayers
{
    /// <summary>The directories that options of an overlay name.</summary>
    public static List<string> In(IReadOnlyList<MountParameter> parameters)
    {
        List<string> paths = [];
        foreach (MountParameter parameter in parameters)
        {
            string value = parameter.Value.IsNull ? "" : parameter.Value.ToString();
            if (parameter.Key == "lowerdir")
            {
                foreach ((_, string path) in Split(value))
                {
                    paths.Add(path);
                }
            }
            else if (IsWritable(parameter.Key.ToString()))
            {
                paths.Add(Unescaped(value));
            }
        }

        return paths;
    }

    /// <summary>The option names one of the two directories that can be written to.</summary>
    public static bool IsWritable(string key) => key is "upperdir" or "workdir";

    /// <summary>The value of <c>lowerdir</c> as options of one layer each, which Linux 6.8 takes, and without the escapes that a list needs.</summary>
    public static List<(string Key, string Path)> Split(string list)
    {
        List<(string Key, string Path)> layers = [];
        var layer = new StringBuilder();
        string key = "lowerdir+";
        for (var i = 0; i <= list.Length; i++)
        {
            if (i < list.Length && list[i] != ':')
            {
                i += list[i] == '\\' && i + 1 < list.Length ? 1 : 0;
                layer.Append(list[i]);
                continue;
            }

            if (layer.Length > 0)
            {
                layers.Add((key, layer.ToString()));
                layer.Clear();
            }
            else
            {
                // After two colons come layers that only hold data.
                key = "datadir+";
            }
        }

        return layers;
    }

    /// <summary>One directory, without escapes.</summary>
    public static string Unescaped(string path)
    {
        var text = new StringBuilder();
        for (var i = 0; i < path.Length; i++)
        {
            i += path[i] == '\\' && i + 1 < path.Length ? 1 : 0;
            text.Append(path[i]);
        }

        return text.ToString();
    }
}
