using System.Text;

namespace Hull.Runtime.Tests.Plans;

/// <summary>What must be taken out of one text and put in to get another, line by line.</summary>
internal static class LineDifference
{
    /// <summary>The lines, <c>-</c> before those that only the expected text has and <c>+</c> before those that only the actual one has.</summary>
    internal static string Between(string expected, string actual)
    {
        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        int[,] common = CommonLengths(left, right);
        var text = new StringBuilder();
        int i = 0;
        int j = 0;
        while (i < left.Length || j < right.Length)
        {
            if (i < left.Length && j < right.Length && left[i] == right[j])
            {
                text.Append("  ").Append(left[i++]).Append('\n');
                j++;
            }
            else if (i < left.Length && (j == right.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append("- ").Append(left[i++]).Append('\n');
            }
            else
            {
                text.Append("+ ").Append(right[j++]).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>For each pair of places, how many lines the rests of the texts have in common, in order.</summary>
    private static int[,] CommonLengths(string[] left, string[] right)
    {
        int[,] common = new int[left.Length + 1, right.Length + 1];
        for (int i = left.Length - 1; i >= 0; i--)
        {
            for (int j = right.Length - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
