using System.Text.RegularExpressions;

namespace Hull.EndToEnd.Tests;

/// <summary>The page of a plan in a real browser. HULL_BROWSER names one of Chromium's family; otherwise those in PATH are looked for.</summary>
public sealed partial class BrowserTests : EndToEndTest
{
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "google-chrome", "chrome"];

    public BrowserTests() => Requires.Hull("no other runtime has plan");

    [Theory]
    [InlineData("light", "rgb(255, 255, 255)")]
    [InlineData("dark", "rgb(20, 23, 28)")]
    public void The_page_of_a_plan_is_shown_with_both_processes_side_by_side(string scheme, string background)
    {
        string browser = Browser();
        var bundle = NewBundle();
        bundle.Save();
        string page = bundle.Runtime("plan", "--bundle", bundle.Location, "--format", "html", "web").Run().ShouldSucceed().Output;

        // What the browser made of it is asked by a script that only the test adds.
        string file = Path.Combine(bundle.Scratch, "page.html");
        File.WriteAllText(file, page.Replace("</body>", Question + "</body>", StringComparison.Ordinal));
        string told = Show(bundle, browser, file, "--dump-dom", $"--blink-settings=preferredColorScheme={(scheme == "dark" ? 0 : 1)}").Output;
        Match answer = Answer().Match(told);

        answer.Success.Should().BeTrue(told);
        answer.Groups["background"].Value.Should().Be(background);
        int.Parse(answer.Groups["left"].Value, System.Globalization.CultureInfo.InvariantCulture)
            .Should().BeLessThan(int.Parse(answer.Groups["right"].Value, System.Globalization.CultureInfo.InvariantCulture), "the host's steps stand left of the container's");
        answer.Groups["wide"].Value.Should().Be("false", "nothing sticks out of the window");
    }

    private const string Question = """
        <script>addEventListener('load',()=>{const h=document.querySelectorAll('ol.h')[1].getBoundingClientRect(),c=document.querySelectorAll('ol.c')[1].getBoundingClientRect();
        const p=document.createElement('p');p.textContent='asked background='+getComputedStyle(document.body).backgroundColor+' left='+Math.round(h.left)+' right='+Math.round(c.left)+' wide='+(document.documentElement.scrollWidth>innerWidth)+' end';document.body.append(p)})</script>
        """;

    private static string Browser()
    {
        string? browser = Environment.GetEnvironmentVariable("HULL_BROWSER") ?? Names.Select(Requires.Find).FirstOrDefault(found => found is not null);
        Skipping.Skip.Unless(browser is not null, "needs a browser: chromium or chromium-headless-shell in PATH, or HULL_BROWSER");
        return browser!;
    }

    private static Outcome Show(Bundle bundle, string browser, string file, params string[] options) => new Command(
        bundle.Scratch, [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,1000", $"--user-data-dir={bundle.Scratch}/profile", .. options, "file://" + file]).Run().ShouldSucceed();

    [GeneratedRegex(@"asked background=(?<background>[^=]*) left=(?<left>-?\d+) right=(?<right>-?\d+) wide=(?<wide>true|false) end</p>")]
    private static partial Regex Answer();
}
