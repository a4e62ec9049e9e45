using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Reports;

/// <summary>The XML that CI servers read.</summary>
internal static partial class JUnit
{
    public static string Of(RuntimeUnderTest runtime, IReadOnlyList<Result> results)
    {
        var suite = new XElement("testsuite",
            new XAttribute("name", "conformance of " + runtime.Name),
            new XAttribute("tests", results.Count),
            new XAttribute("failures", Lines.Count(results, Verdict.Failed)),
            new XAttribute("skipped", Lines.Count(results, Verdict.Skipped) + Lines.Count(results, Verdict.Newer)),
            new XAttribute("time", Seconds(TimeSpan.FromTicks(results.Sum(result => result.Duration.Ticks)))),
            results.Select(Element));
        return new XDocument(new XElement("testsuites", suite)) + "\n";
    }

    private static XElement Element(Result result)
    {
        var element = new XElement("testcase",
            new XAttribute("classname", result.Case.Chapter),
            new XAttribute("name", result.Case.Name),
            new XAttribute("time", Seconds(result.Duration)));
        var text = NotXml().Replace(result.Text, "?");
        if (result.Verdict == Verdict.Failed)
        {
            element.Add(new XElement("failure", new XAttribute("message", text.Split('\n')[0]), text));
        }
        else if (result.Verdict is Verdict.Skipped or Verdict.Newer)
        {
            element.Add(new XElement("skipped", new XAttribute("message", text.Split('\n')[0])));
        }

        return element;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]")]
    private static partial Regex NotXml();
}
