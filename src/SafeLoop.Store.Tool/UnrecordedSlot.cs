using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>Explains an instant without a record by the stored schedule, pause and end.</summary>
/// <param name="task">The task as a whole, which has the schedule.</param>
/// <param name="loop">The loop of the key; for an ordinary task, <paramref name="task"/> again.</param>
/// <param name="time">Writes instants.</param>
/// <param name="now">The present.</param>
internal sealed class UnrecordedSlot(StoredLoop task, StoredLoop loop, TimeText time, DateTimeOffset now)
{
    private readonly CronSchedule? _schedule = StoredSchedule.Read(task.Schedule)?.Cron;

    /// <summary>Completes an explanation.</summary>
    /// <param name="explanation">The explanation by the entries around the instant.</param>
    /// <param name="hasAny">False when there is no record of the task at all.</param>
    public SlotExplanation Explain(SlotExplanation explanation, bool hasAny)
    {
        var instant = explanation.Instant;
        return explanation with
        {
            Text = string.Join(' ', Sentences(instant, hasAny)),
            SlotBefore = explanation.SlotBefore ?? _schedule?.PreviousBefore(instant)?.ToUniversalTime(),
            SlotAfter = explanation.SlotAfter ?? _schedule?.NextAfter(instant)?.ToUniversalTime(),
            Pause = explanation.Pause ?? (instant > now ? Pause : null),
        };
    }

    private TaskPause? Pause => loop.Pause ?? task.Pause;

    private IEnumerable<string> Sentences(DateTimeOffset instant, bool hasAny)
    {
        var subject = SubjectText.Format(task.TaskName, loop.Key);
        yield return hasAny
            ? $"The store has no record of {subject} at {time.At(instant)}."
            : $"The store has no record of {subject} at all, so it is not known what happened at {time.At(instant)}.";
        if (loop.Key is not null && instant <= now)
            yield return "Successes of a key are recorded only with SurviveRestarts, so it may have succeeded.";
        yield return DescribeSchedule(instant);
        if (Pause is { } pause && instant >= pause.Since && !(pause.Until <= instant))
            yield return $"It has been paused{time.For(pause)}.";
        else if (loop.End is { } end)
            yield return $"Its loop has ended ({end}{(loop.EndReason is { } why ? $": {AbsenceText.Trim(why)}" : "")}).";
        else if (instant > now)
            yield return "That is yet to come.";
    }

    private string DescribeSchedule(DateTimeOffset instant)
    {
        if (_schedule is null)
            return $"Its stored schedule ({task.Schedule ?? "none"}) does not say whether it was due.";
        if (_schedule.NextAfter(instant.AddTicks(-1)) != instant)
            return $"Its stored schedule ({task.Schedule}) has no slot then.";
        return $"Its stored schedule ({task.Schedule}) has a slot then" + (instant > now ? "." : loop.Key is null
            ? ", which no host has recorded: none was running, it was excluded, or the record was deleted."
            : ". If it did not succeed, no host was running, it was excluded, or the record was deleted.");
    }
}
