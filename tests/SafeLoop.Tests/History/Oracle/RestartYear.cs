namespace SafeLoop.Tests.History.Oracle;

/// <summary>Hosts and tasks of a year, drawn from a seed.</summary>
internal sealed class RestartYear
{
    private readonly Random _random;

    public RestartYear(int seed)
    {
        _random = new(seed);
        string[] zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];
        var minute = _random.Next(20);
        var often = new GridRule
        {
            Expression = $"{minute},{minute + 20},{minute + 40} * * * *",
            Zone = zones[_random.Next(3)],
            Minutes = [minute, minute + 20, minute + 40],
            Hours = [.. Enumerable.Range(0, 24)],
            IsRhythm = true,
            Skipped = (SkippedTime)_random.Next(3),
            Repeated = (RepeatedTime)_random.Next(4),
        };
        var daily = often with { Expression = $"{minute} 1,2 * * *", Minutes = [minute], Hours = [1, 2], IsRhythm = false };
        var period = _random.Next(2) == 0 ? 45 : 36;
        var grid = new GridRule { Zone = "UTC", Period = period, From = FirstOf(period) };
        Draw(often, daily);
        Tasks =
        [
            new("often", often, Lives, isPaused: true, hangs: true),
            new("daily", daily, Lives, isPaused: false, hangs: false),
            new("grid", grid, Lives, isPaused: false, hangs: false),
            new("device", often, Lives, isPaused: true, hangs: false, "a"),
            new("device", often, Lives, isPaused: false, hangs: true, "b"),
        ];
    }

    public List<HostLife> Lives { get; } = [];

    public IReadOnlyList<RestartPlan> Tasks { get; }

    private void Draw(GridRule often, GridRule daily)
    {
        var grid = often.Compute().IsSlot;
        (TaskPause Pause, DateTimeOffset Ended)? open = null; // a pause without end, until the next host
        for (var at = 0; at < 8; at++)
        {
            var start = Year.At(8 + (at * 44) + _random.Next(36), _random.Next(1440), 11);
            if (at == 0) // what has never had a slot has nothing that survives
                start = FirstOf(daily, start).AddMinutes(-40).AddSeconds(11);
            var last = Enumerable.Range(0, grid.Length).Where(minute => grid[minute]).Select(LocalCalendar.At)
                .First(slot => slot > start.AddMinutes(100));
            var life = new HostLife(start, last.AddMinutes(5).AddSeconds(17));
            if (open is not null)
                life = life with { Resume = start.AddMinutes(25) };
            else if (_random.Next(5) < 2)
                life = life with { Pause = DrawPause(start, at) };
            else if (at < 7)
                life = life with { Hangs = last, Stops = _random.Next(2) == 0 };
            open = life.Pause is { Pause.Until: null } ? life.Pause : null;
            Lives.Add(life);
        }
        for (var at = 0; at < Lives.Count; at++) // a pause without end is resumed by the next host
        {
            if (Lives[at].Pause is { Pause.Until: null } pause && at + 1 < Lives.Count)
                Lives[at] = Lives[at] with { Pause = pause with { Ended = Lives[at + 1].Resume!.Value } };
        }
    }

    private (TaskPause, DateTimeOffset) DrawPause(DateTimeOffset start, int at)
    {
        DateTimeOffset? until = (at < 7 ? _random.Next(3) : 0) switch
        {
            0 => start.AddMinutes(70), // while this host runs
            1 => start.AddDays(5), // while none does
            _ => null,
        };
        return (new() { Reason = $"move {at}", By = "Ann", Since = start.AddMinutes(30), Until = until },
            until ?? DateTimeOffset.MaxValue);
    }

    private static DateTimeOffset FirstOf(GridRule rule, DateTimeOffset after)
    {
        var grid = rule.Compute().IsSlot;
        return Enumerable.Range(0, grid.Length).Where(minute => grid[minute]).Select(LocalCalendar.At)
            .First(slot => slot > after);
    }

    // The slots of a period are the same in every process: they count from 1970.
    private static DateTimeOffset FirstOf(int period)
    {
        var minutes = (long)(LocalCalendar.Base - DateTimeOffset.UnixEpoch).TotalMinutes;
        return LocalCalendar.Base.AddMinutes((period - (minutes % period)) % period);
    }
}
