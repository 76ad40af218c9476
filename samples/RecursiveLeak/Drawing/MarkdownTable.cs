using System.Globalization;
using System.Text;
using RecursiveLeak.Measuring;
using Samples;

namespace RecursiveLeak.Drawing;

/// <summary>The runs as a Markdown table, ready for a README.</summary>
internal static class MarkdownTable
{
    public static string Of(IEnumerable<LeakRun> runs)
    {
        var table = new StringBuilder("""
            | form | iterations | retained at the end | bytes per iteration | after it ended |
            |---|---:|---:|---:|---:|

            """);
        foreach (var run in runs)
        {
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {run.Form} | {run.Iterations:N0} | {ByteSize.Text(run.Retained)} | {run.BytesPerIteration:N1} | "
                + $"{ByteSize.Text(run.AfterEnd)} |");
        }

        return table.ToString();
    }
}
