namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// The slots of a schedule, minute by minute: a cron rule that is given as lists and not as an expression, or a period.
/// </summary>
internal sealed record GridRule
{
    public string? Expression { get; init; }

    public required string Zone { get; init; }

    public int[] Minutes { get; init; } = [];

    public int[] Hours { get; init; } = [];

    public DayOfWeek[] Weekdays { get; init; } = [];

    public bool IsRhythm { get; init; }

    public SkippedTime Skipped { get; init; }

    public RepeatedTime Repeated { get; init; }

    public int Period { get; init; }

    public DateTimeOffset From { get; init; }

    /// <summary>Computes which minutes are slots, and which are not because of daylight saving.</summary>
    public (bool[] IsSlot, bool[] IsDropped) Compute()
    {
        var local = LocalCalendar.Of(Zone).Local;
        var (slots, dropped) = (new bool[local.Length], new bool[local.Length]);
        if (Period > 0)
        {
            for (var minute = LocalCalendar.MinuteOf(From)!.Value; minute < slots.Length; minute += Period)
                slots[minute] = true;
            return (slots, dropped);
        }

        var passes = new byte[local.Length];
        for (var minute = 1; minute < local.Length; minute++)
        {
            var jump = local[minute] - local[minute - 1] - 1;
            for (var skipped = local[minute - 1] + 1; skipped < local[minute]; skipped++)
            {
                if (!Matches(skipped))
                    continue;
                var shifted = minute + (skipped - local[minute - 1] - 1);
                if (Skipped is SkippedTime.RunAfter)
                    slots[minute] = true;
                (Skipped is SkippedTime.Shift ? slots : dropped)[shifted] = true;
            }
            for (var repeated = 0; repeated < -jump; repeated++)
                (passes[minute + jump + repeated], passes[minute + repeated]) = (1, 2);
        }
        for (var minute = 0; minute < local.Length; minute++)
        {
            if (Matches(local[minute]))
                (RunsIn(passes[minute]) ? slots : dropped)[minute] = true;
        }
        return (slots, dropped);
    }

    private bool RunsIn(int pass) => pass switch
    {
        0 => true,
        1 => Repeated is not RepeatedTime.Last,
        _ => Repeated is RepeatedTime.Last or RepeatedTime.Both || (Repeated is RepeatedTime.Automatic && IsRhythm),
    };

    private bool Matches(int local)
    {
        var wall = LocalCalendar.Wall(local);
        return Minutes.Contains(wall.Minute) && Hours.Contains(wall.Hour)
            && (Weekdays.Length == 0 || Weekdays.Contains(wall.DayOfWeek));
    }
}
