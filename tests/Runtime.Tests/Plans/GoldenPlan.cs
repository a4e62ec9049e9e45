namespace Hull.Runtime.Tests.Plans;

/// <summary>Compares a plan with the accepted one; HULL_ACCEPT=1 accepts it instead, but never in CI.</summary>
internal static class GoldenPlan
{
    /// <summary>Fails with the lines that differ when the plan of a document is another one than the accepted.</summary>
    internal static void Check(string path, Func<PlanFile, string> print)
    {
        PlanFile document = PlanFile.Parse(File.ReadAllText(path));
        string actual = print(document);
        if (Environment.GetEnvironmentVariable("HULL_ACCEPT") == "1")
        {
            Environment.GetEnvironmentVariable("CI").Should().NotBe("true", "what a plan should be is not decided by a machine");
            File.WriteAllText(path, document.WithPlan(actual).ToString());
            document = PlanFile.Parse(File.ReadAllText(path));
        }

        Assert.True(document.Plan == actual, $"The plan is another one:\n{LineDifference.Between(document.Plan, actual)}");
    }
}
