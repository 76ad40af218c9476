using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Reads durations and latenesses: by the hour from totals when they go back far enough, otherwise by slot.</summary>
internal sealed class ChartReader(PageRequest request)
{
    private const int Hours = 72, FewestHours = 12;

    public async Task<TaskCharts> ReadAsync(TaskSummary task, string? key, IReadOnlyList<StripSlot> strip)
    {
        var totals = key is null ? await ReadTotalsAsync(task.Name).ConfigureAwait(false) : [];
        var hours = totals.GroupBy(total => total.Hour).OrderBy(hour => hour.Key).ToList();
        return hours.Count < FewestHours ? BySlot(task, strip) : ByHour(task, hours);
    }

    private async Task<IReadOnlyList<HourlyTotal>> ReadTotalsAsync(string task)
    {
        var now = request.View.Now;
        var to = now.AddHours(1).AddTicks(-(now.Ticks % TimeSpan.TicksPerHour)); // equal for all who look within the hour
        var query = new TotalQuery { TaskName = task, From = to.AddHours(-Hours), To = to };
        try
        {
            var page = await request.Reads.GetAsync(
                query,
                async cancellationToken =>
                    await request.Api.Reader.QueryTotalsAsync(query, cancellationToken).ConfigureAwait(false),
                request.Api.Aborted).ConfigureAwait(false);
            return page.Totals;
        }
        catch (Exception) when (!request.Api.Aborted.IsCancellationRequested)
        {
            return []; // a store is user code and may throw anything; the page says elsewhere that it does not answer
        }
    }

    private TaskCharts BySlot(TaskSummary task, IReadOnlyList<StripSlot> strip)
    {
        var runs = strip.Where(slot => slot.HasRun).ToList();
        return new(
            "each slot that ran",
            [.. runs.Select(slot => Bar(slot.Elapsed, OutcomeWords.Class(slot.Outcome, slot.Reason), "took", slot.Slot))],
            [.. runs.Select(slot => Bar(slot.Lateness, "lateness", "was late by", slot.Slot))]);

        ChartBar Bar(TimeSpan value, string type, string verb, DateTimeOffset slot) =>
            new(value, type, $"{When(slot, task.Zone)} {verb} {DurationText.Of(value)}");
    }

    private TaskCharts ByHour(TaskSummary task, IReadOnlyList<IGrouping<DateTimeOffset, HourlyTotal>> hours) => new(
        "each hour",
        [.. hours.Select(hour => Duration(hour, task.Zone))],
        [.. hours.Select(hour => Lateness(hour, task.Zone))]);

    private ChartBar Duration(IGrouping<DateTimeOffset, HourlyTotal> hour, string? zone)
    {
        var runs = hour.Where(total => total.Outcome is not IterationOutcome.Skipped).ToList();
        var count = runs.Sum(total => total.Count);
        var mean = count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(runs.Sum(total => total.Elapsed.Ticks) / count);
        var failed = runs.Where(total => total.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
            .Sum(total => total.Count);
        var longest = runs.Count == 0 ? TimeSpan.Zero : runs.Max(total => total.LongestElapsed);
        return new(
            mean,
            failed > 0 ? "fail" : "ok",
            $"{When(hour.Key, zone)}: {DurationText.Of(mean)} on average, {DurationText.Of(longest)} at most, "
                + $"{CountText.Of(count, "run")}, {CountText.Of(failed)} failed");
    }

    private ChartBar Lateness(IGrouping<DateTimeOffset, HourlyTotal> hour, string? zone)
    {
        var most = hour.Max(total => total.MaxLateness);
        return new(most, "lateness", $"{When(hour.Key, zone)}: {DurationText.Of(most)} at most");
    }

    private string When(DateTimeOffset at, string? zone) =>
        $"{request.View.Times.Short(at, zone)} {request.View.Times.Zone(at, zone)}";
}
