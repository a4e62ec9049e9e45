using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>The functions of a source file and how many lines each has, told by its braces.</summary>
internal static partial class FunctionLengths
{
    /// <summary>Every member with a body, with its length from its name to its last brace.</summary>
    internal static IEnumerable<(string Header, int Line, int Length)> Of(string source)
    {
        string code = Sources.WithoutText(source);
        var types = new Stack<bool>();
        (string Header, int Line, int Depth)? function = null;
        int line = 1;
        int headerFrom = 0;
        int headerLine = 1;
        for (var at = 0; at < code.Length; at++)
        {
            switch (code[at])
            {
                case '\n':
                    line++;
                    break;
                case '{':
                    string header = code[headerFrom..at].Trim();
                    bool isType = function is null && TypeHeader().IsMatch(header);
                    if (function is null && !isType && types.Count > 0 && types.Peek() && !FieldHeader().IsMatch(header))
                    {
                        function = (header, headerLine + LinesBefore(code, headerFrom), types.Count);
                    }

                    types.Push(isType);
                    (headerFrom, headerLine) = (at + 1, line);
                    break;
                case '}':
                    types.TryPop(out _);
                    if (function is { } ended && types.Count == ended.Depth)
                    {
                        yield return (ended.Header, ended.Line, line - ended.Line + 1);
                        function = null;
                    }

                    (headerFrom, headerLine) = (at + 1, line);
                    break;
                case ';':
                    (headerFrom, headerLine) = (at + 1, line);
                    break;
            }
        }
    }

    private static int LinesBefore(string code, int from)
    {
        int text = code.AsSpan(from).IndexOfAnyExcept(" \r\n\t");
        return text < 0 ? 0 : code.AsSpan(from, text).Count('\n');
    }

    [GeneratedRegex(@"(^|\s)(namespace|class|struct|record|interface|enum)\s")]
    private static partial Regex TypeHeader();

    /// <summary>An equals sign before any parenthesis or arrow, or a new object after one: a value, not a function.</summary>
    [GeneratedRegex(@"^[^(=]*=(?![=>])|\s=\s+new\(\)$")]
    private static partial Regex FieldHeader();
}
