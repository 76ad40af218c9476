namespace SafeLoop.Tests.History.Oracle;

/// <summary>Draws instants to ask about: slots, their neighbours, hours in which clocks are set, and others.</summary>
internal sealed class Instants(Random random, Year year)
{
    public DateTimeOffset Draw(TaskModel model, DateTimeOffset now) => random.Next(10) switch
    {
        0 or 1 => Any(model.Outcomes).Slot,
        2 => Any([.. Any(model.Outcomes.GroupBy(one => KindOf(one, now)).ToList())]).Slot, // also what is rare
        3 => Any(model.Outcomes.Where(outcome => !outcome.Ran).DefaultIfEmpty(model.Outcomes[0]).ToList()).Slot,
        4 => Any(model.Outcomes).Slot.AddSeconds(random.Next(2) == 0 ? 1 : -1),
        5 => Any(model.Outcomes).Slot.AddMinutes(random.Next(-90, 90)),
        6 => OnGrid(model, Year.At(random.Next(-2, 390), random.Next(1440), 0)),
        7 => OnGrid(model, DaylightHour(model)),
        8 when random.Next(2) == 0 => OnGrid(model, Any(year.Sleeps).From.AddMinutes(random.Next(-60, 3000))),
        8 => OnGrid(model, now.AddMinutes(random.Next(-600, 3000))),
        _ => Year.At(random.Next(-2, 390), random.Next(1440), random.Next(60)),
    };

    private static (IterationOutcome, OutcomeReason, bool IsOpen) KindOf(SlotOutcome one, DateTimeOffset now) =>
        (one.Outcome, one.Reason, (one.Queued ?? one.Noticed) <= now && one.Ended > now);

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    // The next minute at which the rule has a time, also one that is excluded or does not run.
    private static DateTimeOffset OnGrid(TaskModel model, DateTimeOffset from)
    {
        var at = new DateTimeOffset(from.Ticks - (from.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (var tries = 0; tries < 1500 && !model.IsOnGrid(at) && !model.IsDropped(at); tries++)
            at = at.AddMinutes(1);
        return at;
    }

    private DateTimeOffset DaylightHour(TaskModel model)
    {
        var changes = LocalCalendar.Of(model.Plan.Rule.Zone).Changes;
        return changes.Count == 0 ? Year.At(100, 0, 0) : LocalCalendar.At(Any(changes)).AddMinutes(random.Next(-180, 180));
    }
}
