namespace SafeLoop.Tests.History.Oracle;

/// <summary>Local time in which a task has no slot: a weekday, a date, or hours of each day.</summary>
internal sealed record TimeAway(DayOfWeek? Weekday, DateOnly? Date, TimeOnly From, TimeOnly To)
{
    /// <summary>What the sentence calls it.</summary>
    public string Name => Weekday is null && Date is null ? "Exclusion.Times(" : "Exclusion.Dates or Exclusion.Weekdays";

    public bool Contains(DateTime wall) =>
        Weekday is { } weekday ? wall.DayOfWeek == weekday
        : Date is { } date ? DateOnly.FromDateTime(wall) == date
        : TimeOnly.FromDateTime(wall).IsBetween(From, To);

    public Exclusion ToExclusion() =>
        Weekday is { } weekday ? Exclusion.Weekdays(weekday)
        : Date is { } date ? Exclusion.Dates(date)
        : Exclusion.Times(From, To);
}
