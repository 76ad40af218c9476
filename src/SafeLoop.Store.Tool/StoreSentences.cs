using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>What a store knows of a schedule, and what it cannot know, as sentences.</summary>
internal static class StoreSentences
{
    public static string NoTask(string name, IEnumerable<StoredLoop> tasks) =>
        $"There is no recurring task named '{Printable.Escape(name)}' in the store"
        + DidYouMean.End(DidYouMean.Ask(name, tasks.Select(task => task.TaskName)));

    /// <summary>Why the slots are not sure, or not known.</summary>
    public static string AboutSlots(StoredLoop task, StoredSchedule? schedule) => schedule switch
    {
        { Cron: not null } => StoredSchedule.Missing,
        { Interval: not null } =>
            $"The store has the interval ({task.Schedule}), but not when a slot counts from, so it cannot know the next one. Ask "
            + "the application (safeloop --url).",
        _ => $"The store cannot know the next slots of this schedule ({task.Schedule ?? "none is stored"}). Ask the application "
            + "(safeloop --url).",
    };

    /// <summary>The explanation of a task of which no outcome was ever stored.</summary>
    public static SlotExplanation WithoutRecords(StoredLoop task, string? key, DateTimeOffset instant) => new()
    {
        TaskName = task.TaskName,
        Key = key,
        Instant = instant,
        Text = $"The store has no record of '{Printable.Escape(task.TaskName)}' at all, so it is not known what happened at "
            + $"{Zones.Write(instant, null)}.",
        Finding = SlotFinding.ScheduleUnknown,
    };

    /// <summary>Adds what the stored schedule and pause say where the history has no record.</summary>
    public static SlotExplanation AddSchedule(SlotExplanation explanation, StoredLoop task, DateTimeOffset now)
    {
        if (explanation.Finding is not SlotFinding.ScheduleUnknown)
            return explanation;
        var schedule = StoredSchedule.Read(task.Schedule)?.Cron;
        var sentences = new List<string> { explanation.Text, AboutInstant(explanation.Instant, schedule, task) };
        if (task.Pause is { } pause && explanation.Instant >= pause.Since && !(pause.Until <= explanation.Instant))
            sentences.Add($"It has been paused{new TimeText(ZoneOf(schedule)).For(pause)}.");
        else if (task.End is { } end)
            sentences.Add($"Its loop has ended ({end}{(task.EndReason is { } why ? $": {AbsenceText.Trim(why)}" : "")}).");
        else if (explanation.Instant > now)
            sentences.Add("That is yet to come.");
        return explanation with
        {
            Text = string.Join(' ', sentences),
            SlotBefore = explanation.SlotBefore ?? schedule?.PreviousBefore(explanation.Instant)?.ToUniversalTime(),
            SlotAfter = explanation.SlotAfter ?? schedule?.NextAfter(explanation.Instant)?.ToUniversalTime(),
            Pause = explanation.Pause ?? (explanation.Instant > now ? task.Pause : null),
        };
    }

    private static string AboutInstant(DateTimeOffset instant, CronSchedule? schedule, StoredLoop task)
    {
        if (schedule is null)
            return $"Its stored schedule ({task.Schedule ?? "none"}) does not say whether it was due.";
        var isSlot = schedule.NextAfter(instant.AddTicks(-1)) == instant;
        return isSlot
            ? $"Its stored schedule ({task.Schedule}) has a slot then, which no host has recorded: none was running, it was "
                + "excluded, or the record was deleted."
            : $"Its stored schedule ({task.Schedule}) has no slot then.";
    }

    private static TimeZoneInfo ZoneOf(CronSchedule? schedule) =>
        CronZones.TryFind(schedule?.Zone, out var zone, out _) ? zone.Info : TimeZoneInfo.Utc;
}
