using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Reads which outcomes of the last day the history lacks, and describes them in a sentence.</summary>
internal static class GapReader
{
    private const int Most = 1_000; // a store returns no more

    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    private static readonly object Key = new();

    /// <returns>Empty when nothing is missing, or the store does not answer, which the page reports elsewhere.</returns>
    public static async Task<IReadOnlyList<Problem>> ReadAsync(PageRequest request)
    {
        try
        {
            var since = request.View.Now - Recent;
            var gaps = await request.Reads.GetAsync(
                Key,
                async cancellationToken =>
                    await request.Api.Reader.QueryGapsAsync(since, cancellationToken).ConfigureAwait(false),
                request.Api.Aborted).ConfigureAwait(false);
            return gaps.Count == 0 ? [] : [Describe(gaps, request.View.Times)];
        }
        catch (Exception) when (!request.Api.Aborted.IsCancellationRequested)
        {
            return []; // a store is user code and may throw anything
        }
    }

    private static Problem Describe(IReadOnlyList<HistoryGap> gaps, PageTimes times)
    {
        var missing = gaps.Sum(gap => Total(gap.Missing));
        var (from, to) = (gaps.Min(gap => gap.From), gaps.Max(gap => gap.To));
        return new(
            ProblemSeverity.Warning,
            "The history",
            $"lacks {(gaps.Count < Most ? "" : "at least ")}{CountText.Of(missing, "outcome")} of iterations that ended from "
                + $"{times.Short(from, null)} to {times.Short(to, null)} {times.Zone(to, null)}: the store was down, or there "
                + "were too many. The totals have them.",
            "instances");
    }

    private static long Total(OutcomeCounts counts) =>
        counts.Succeeded + counts.Failed + counts.TimedOut + counts.Interrupted + counts.Skipped;
}
