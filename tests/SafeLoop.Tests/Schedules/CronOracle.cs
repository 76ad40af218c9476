namespace SafeLoop.Tests.Schedules;

/// <summary>
/// What a schedule is due in a stretch of time, worked out minute by minute from nothing but UTC offsets: slow, plain, and
/// sharing no code with <see cref="CronSchedule"/>.
/// </summary>
internal sealed class CronOracle(CronCase cron, TimeZoneInfo zone, SkippedTime gap, RepeatedTime repeat)
{
    private static readonly TimeSpan Margin = TimeSpan.FromHours(30);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    internal List<DateTimeOffset> Between(DateTimeOffset first, DateTimeOffset last)
    {
        var due = new SortedSet<DateTimeOffset>();
        var passes = new Dictionary<DateTime, List<DateTimeOffset>>();
        DateTimeOffset? before = null;

        for (var minute = first - Margin; minute <= last + Margin; minute += Minute)
        {
            var now = minute.ToOffset(zone.GetUtcOffset(minute));
            if (before is { } earlier) AddJumpedOver(earlier, now, due);
            if (cron.Matches(now.DateTime)) Passes(passes, now.DateTime).Add(now);
            before = now;
        }

        foreach (var pass in passes.Values) AddRegular(pass, due);
        return [.. due.Where(time => time >= first && time <= last)];
    }

    private static List<DateTimeOffset> Passes(Dictionary<DateTime, List<DateTimeOffset>> passes, DateTime local)
    {
        if (!passes.TryGetValue(local, out var found)) passes[local] = found = [];
        return found;
    }

    private void AddRegular(List<DateTimeOffset> passes, SortedSet<DateTimeOffset> due)
    {
        var rule = repeat != RepeatedTime.Automatic ? repeat : cron.IsRhythm ? RepeatedTime.Both : RepeatedTime.First;
        if (rule != RepeatedTime.Last) due.Add(passes[0]);
        if (rule != RepeatedTime.First) due.Add(passes[^1]);
    }

    private void AddJumpedOver(DateTimeOffset before, DateTimeOffset now, SortedSet<DateTimeOffset> due)
    {
        for (var local = before.DateTime + Minute; local < now.DateTime; local += Minute)
        {
            if (gap == SkippedTime.Skip || !cron.Matches(local)) continue;
            due.Add(gap == SkippedTime.RunAfter ? now : new DateTimeOffset(local, before.Offset).ToOffset(now.Offset));
        }
    }
}
