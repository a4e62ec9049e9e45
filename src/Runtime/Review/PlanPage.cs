using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// A plan as one page for a browser, with nothing beside it: the steps of both processes side by side, where one waits for the other, and of each
/// step its property and rule, and how long it took where that was measured.
/// </summary>
internal sealed class PlanPage
{
    private const string Style = """
        :root{color-scheme:light dark;--b:#fff;--f:#1b1f24;--m:#5f6b7a;--l:#d8dee6;--h:#eef3fb;--c:#eef8f0;--a:#1f5fbf;--w:#8a5a00;--t:#9db8e8}
        @media(prefers-color-scheme:dark){:root{--b:#14171c;--f:#e4e8ee;--m:#98a3b3;--l:#2e3540;--h:#1a2230;--c:#18251d;--a:#7fb0ff;--w:#e6b450;--t:#34558f}}
        body{margin:0 auto;max-width:100rem;padding:1.5rem;background:var(--b);color:var(--f);font:15px/1.45 system-ui,sans-serif}
        h1{font-size:1.35rem;margin:0 0 .3rem}p{margin:.2rem 0;color:var(--m)}.w{color:var(--w)}
        main{display:grid;grid-template-columns:1fr 1fr;gap:0 1rem;margin-top:1rem}
        h2{font-size:1rem;margin:0;padding:.5rem;position:sticky;top:0;background:var(--b);border-bottom:1px solid var(--l)}
        ol{list-style:none;margin:0;padding:.3rem;min-width:0}.h{background:var(--h)}.c{background:var(--c)}
        li{padding:.18rem .4rem;display:grid;grid-template-columns:2.4rem 1fr auto;gap:.1rem .5rem;overflow-wrap:anywhere}
        li>b{font:12px/1.7 ui-monospace,monospace;color:var(--m);text-align:right}li>i{font:12px/1.7 ui-monospace,monospace;color:var(--m);white-space:nowrap}
        li>small{grid-column:2;color:var(--m)}li>u{grid-column:2/4;height:4px;background:var(--t);border-radius:2px}
        .x{grid-column:1/3;text-align:center;padding:.35rem;color:var(--a);border-block:1px solid var(--l);font-weight:600}
        .x small{font-weight:400;color:var(--m);display:block}
        @media(max-width:48rem){main{grid-template-columns:1fr}.x,h2{grid-column:1}h2.r{display:none}}
        """;

    private readonly StringBuilder _text = new(65536);
    private readonly Plan _plan;
    private readonly MeasuredTimes _times;

    private PlanPage(Plan plan, MeasuredTimes times)
    {
        _plan = plan;
        _times = times;
    }

    /// <summary>The page.</summary>
    /// <param name="title">What the plan is of.</param>
    public static string Write(Plan plan, string title, MeasuredTimes times) => new PlanPage(plan, times).Write(title);

    private string Write(string title)
    {
        string name = Escape($"hull plan: {title}");
        _text.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
            .Append(name).Append("</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n<h1>").Append(name).Append("</h1>\n");
        _text.Append(CultureInfo.InvariantCulture, $"<p>{_plan.HostBefore.Length + _plan.Host.Length} steps of the host process, {_plan.Container.Length} of the container process{Total()}</p>\n");
        foreach (string warning in _plan.Warnings)
        {
            _text.Append("<p class=\"w\">").Append(Escape(warning)).Append("</p>\n");
        }

        _text.Append("<main>\n<h2>Host process</h2>\n<h2 class=\"r\">Container process</h2>\n");
        Host(_plan.HostBefore, 0, _plan.HostBefore.Length, "hostBefore");
        Container(0, 0);
        Meeting("clone", PlanPrinter.Describe(_plan.Clone), default);
        WriteBoth();
        _text.Append("</main>\n</body>\n</html>\n");
        return _text.ToString();
    }

    /// <summary>From one meeting to the next: what each does before it, and who waits for whom there.</summary>
    private void WriteBoth()
    {
        int host = 0, container = 0;
        while (host < _plan.Host.Length || container < _plan.Container.Length)
        {
            int hostEnd = host, containerEnd = container;
            while (hostEnd < _plan.Host.Length && _plan.Host[hostEnd].Action is not (AwaitContainer or TellContainer))
            {
                hostEnd++;
            }

            while (containerEnd < _plan.Container.Length && !Meets(_plan.Container[containerEnd].Operation))
            {
                containerEnd++;
            }

            Host(_plan.Host, host, hostEnd, "host");
            Container(container, containerEnd);
            if (hostEnd < _plan.Host.Length && containerEnd < _plan.Container.Length)
            {
                (string who, Checkpoint point) = _plan.Host[hostEnd].Action switch
                {
                    AwaitContainer wait => ("host waits for the container process \u25c0", wait.Checkpoint),
                    TellContainer tell => ("\u25b6 container process waits for the host", tell.Checkpoint),
                    _ => ("", default),
                };
                string time = $"{Time("host", hostEnd)}{(Time("host", hostEnd).Length > 0 && Time("container", containerEnd).Length > 0 ? " / " : "")}{Time("container", containerEnd)}";
                Meeting(who, _plan.Container[containerEnd].Operation is ForkIntoPidNamespace or OpenConsole ? _plan.Container[containerEnd].Operation.Describe() : point.Describe(), time);
            }

            host = hostEnd + 1;
            container = containerEnd + 1;
        }
    }

    private static bool Meets(Operation operation) => operation is Announce or Await or OpenConsole or ForkIntoPidNamespace;

    private void Host(ImmutableArray<HostStep> steps, int begin, int end, string list)
    {
        _text.Append("<ol class=\"h\">\n");
        for (int i = begin; i < end; i++)
        {
            Line(list, i, steps[i].Action.Describe(), steps[i].Origin);
        }

        _text.Append("</ol>\n");
    }

    private void Container(int begin, int end)
    {
        _text.Append("<ol class=\"c\">\n");
        for (int i = begin; i < end; i++)
        {
            Line("container", i, _plan.Container[i].Operation.Describe(), _plan.Container[i].Origin);
        }

        _text.Append("</ol>\n");
    }

    private void Line(string list, int index, string what, Origin origin)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<li><b>{index}</b><span>{Escape(what)}</span><i>{Time(list, index)}</i>");
        string why = $"{origin}{(origin.Rule.Length > 0 && origin.ToString().Length > 0 ? " \u00b7 " : "")}{origin.Rule}";
        if (why.Length > 0)
        {
            _text.Append("<small>").Append(Escape(why)).Append("</small>");
        }

        if (_times.Of(list, index) is { } time && _times.Longest > 0)
        {
            _text.Append(CultureInfo.InvariantCulture, $"<u style=\"width:{Math.Max(0.3, 100 * time / _times.Longest):0.#}%\"></u>");
        }

        _text.Append("</li>\n");
    }

    private void Meeting(string who, string what, string? time) =>
        _text.Append("<div class=\"x\">").Append(Escape(who)).Append("<small>").Append(Escape(what))
            .Append(string.IsNullOrEmpty(time) ? "" : " \u00b7 " + time).Append("</small></div>\n");

    private string Time(string list, int index) =>
        _times.Of(list, index) is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time / 1000:0.000} ms") : "";

    private string Total() => _times.Longest == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; measured: {(_times.Sum("hostBefore") + _times.Sum("host")) / 1000:0.0} ms of the host, {_times.Sum("container") / 1000:0.0} ms of the container process, waits included");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
