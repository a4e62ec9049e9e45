using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// descriptors.json beside the images: what the standard streams of a container are, so that a restore can put its caller's in their place. A
/// list of three texts as <c>readlink /proc/PID/fd/N</c> shows them; runc and crun write and read the same.
/// </summary>
internal static class ContainerDescriptors
{
    public const string FileName = "descriptors.json";

    private const string Pipe = "pipe:[";

    /// <summary>
    /// The streams of a running container. A program that has redirected its own no longer shows those that it was given; its children may still
    /// have them, and CRIU must know each pipe that leads outside.
    /// </summary>
    /// <param name="first">The first process.</param>
    /// <param name="others">The other processes.</param>
    public static ImmutableArray<string> Of(int first, IEnumerable<int> others)
    {
        string[] streams = [.. Streams(first)];
        foreach (int pid in others.Order())
        {
            ImmutableArray<string> also = Streams(pid);
            for (var i = 0; i < streams.Length; i++)
            {
                streams[i] = !IsPipe(streams[i]) && IsPipe(also[i]) ? also[i] : streams[i];
            }
        }

        return [.. streams];
    }

    /// <summary>The document.</summary>
    public static byte[] Write(ImmutableArray<string> streams)
    {
        var json = new JsonText(indented: false);
        json.Open('[');
        foreach (string stream in streams)
        {
            json.Value(stream);
        }

        json.Close(']');
        return json.ToUtf8();
    }

    /// <summary>Reads it back; null when it is no list of texts.</summary>
    public static ImmutableArray<string>? Read(ReadOnlySpan<byte> document)
    {
        try
        {
            var json = new Utf8JsonReader(document);
            var streams = ImmutableArray.CreateBuilder<string>(3);
            bool list = json.Read() && json.TokenType == JsonTokenType.StartArray;
            while (list && json.Read() && json.TokenType == JsonTokenType.String)
            {
                streams.Add(json.GetString()!);
            }

            return list && json.TokenType == JsonTokenType.EndArray ? streams.ToImmutable() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The pipes among them, each with the number of the stream that takes its place.</summary>
    public static ImmutableArray<InheritedDescriptor> Inherited(ImmutableArray<string> streams) =>
        [.. streams.Select((stream, number) => new InheritedDescriptor(stream, number)).Where(one => IsPipe(one.Key))];

    /// <summary>What a descriptor of a process is; null when it is none any more.</summary>
    public static string? TargetOf(int pid, string number)
    {
        Span<byte> target = stackalloc byte[4096];
        SyscallResult read = Files.ReadLink(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd/{number}"), target);
        return read.Failed ? null : Encoding.UTF8.GetString(target[..(int)read.Value]);
    }

    private static ImmutableArray<string> Streams(int pid) => [TargetOf(pid, "0") ?? "", TargetOf(pid, "1") ?? "", TargetOf(pid, "2") ?? ""];

    private static bool IsPipe(string stream) => stream.StartsWith(Pipe, StringComparison.Ordinal);
}
