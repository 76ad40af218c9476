namespace SafeLoop.Tests.History.Oracle;

/// <summary>A year as drawn from a seed: tasks, what an operator does, and when the process sleeps.</summary>
internal sealed class Year
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/London"];
    private readonly Random _random;

    public Year(int seed)
    {
        _random = new(seed);
        for (var at = 0; at < 4; at++)
        {
            var from = At(_random.Next(30 + (at * 85), 80 + (at * 85)), _random.Next(24 * 60), 13);
            Sleeps.Add((from, from.AddMinutes(_random.Next(20, 3000)).AddSeconds(21)));
        }
        Behaviour = new(seed, Sleeps);
        Draw();
    }

    public List<TaskPlan> Tasks { get; } = [];

    /// <summary>The keys of the keyed task <c>device</c>, with the names of the keys.</summary>
    public List<TaskPlan> Keys { get; } = [];

    /// <summary>When the key that is removed is there for the first time.</summary>
    public (DateTimeOffset Added, DateTimeOffset Removed) FirstLifeOfKey { get; private set; }

    public List<(DateTimeOffset From, DateTimeOffset To)> Sleeps { get; } = [];

    public Behaviour Behaviour { get; }

    /// <summary>When a task is there for the first time, and is removed: its records are gone with it.</summary>
    public (DateTimeOffset Added, DateTimeOffset Removed) FirstLife { get; private set; }

    /// <summary>When an operator resumes what was paused after failures.</summary>
    public IReadOnlyList<DateTimeOffset> Resumes { get; private set; } = [];

    public static DateTimeOffset End { get; } = At(365, 17 * 60, 5);

    public static DateTimeOffset At(int day, int minute, int second) =>
        LoopHost.Start.AddDays(day).AddMinutes(minute).AddSeconds(second);

    private void Draw()
    {
        Resumes = [.. Enumerable.Range(1, 23).Select(at => Awake(At(at * 15, 400, 44)))];
        for (var at = 0; at < 3; at++)
            Add(new() { Name = $"cron{at}", Rule = Cron(), Shares = (4, 0, 0) }, pauses: 3, away: at + 1, disabled: 1);
        Add(new() { Name = "night", Rule = Night(), Shares = (10, 0, 0) }, pauses: 2, away: 0, disabled: 1);
        Add(new() { Name = "period", Rule = Every(LoopHost.Start), Shares = (5, 10, 0) }, pauses: 2, away: 2, disabled: 1);
        Add(
            new() { Name = "retry", Rule = Cron(), Shares = (35, 0, 0), BackOff = TimeSpan.FromMinutes(_random.Next(40, 400)) },
            pauses: 0, away: 1, disabled: 0);
        Add(
            new() { Name = "slow", Rule = Cron(), Shares = (3, 30, 8), Timeout = new TimeSpan(1, 59, 53) },
            pauses: 2, away: 0, disabled: 1);
        Add(new() { Name = "fragile", Rule = Cron(), Shares = (45, 0, 0), PauseAfter = 3 }, pauses: 0, away: 0, disabled: 0);
        var holder = Cron();
        Add(new() { Name = "holder", Rule = holder, Shares = (5, 40, 0), Lock = "door" }, pauses: 1, away: 0, disabled: 0);
        Add(new() { Name = "guest", Rule = Guest(holder), Shares = (5, 0, 0), Lock = "door" }, pauses: 1, away: 0, disabled: 0);
        Add(
            new()
            {
                Name = "stopped",
                Rule = Every(LoopHost.Start),
                Stopped = (Awake(At(_random.Next(200, 300), 77, 31)), "moved to B"),
            },
            pauses: 1, away: 0, disabled: 0);
        Add(
            new() { Name = "limited", Rule = Cron(), EndAt = At(_random.Next(150, 340), 0, 33) },
            pauses: 1, away: 1, disabled: 0);
        var changed = new TaskPlan { Name = "changed", FirstRule = Cron(), Rule = Cron(), Shares = (5, 0, 0) };
        changed.ChangedAt = Awake(At(_random.Next(120, 250), 600, 37));
        Add(changed, pauses: 2, away: 0, disabled: 0);
        DrawOverlapping();
        Add(
            new()
            {
                Name = "checked",
                Rule = Cron(),
                WhileBefore = Awake(At(_random.Next(150, 340), 600, 18)),
                Shares = (5, 0, 0),
            },
            pauses: 1, away: 0, disabled: 0);
        Add(
            new()
            {
                Name = "done early",
                Rule = Cron(),
                Done = Awake(At(_random.Next(90, 300), 0, 0)),
                Shares = (5, 0, 0),
            },
            pauses: 1, away: 0, disabled: 0);
        Add(
            new() { Name = "chosen", Rule = Every(LoopHost.Start), Chooses = 25, Shares = (0, 0, 0) },
            pauses: 0, away: 0, disabled: 0);
        Add(
            new() { Name = "delay", Rule = None, Delay = new(_random.Next(3, 9), 11, 13), Shares = (10, 20, 5) },
            pauses: 0, away: 0, disabled: 0);
        FirstLife = (Awake(At(_random.Next(90, 110), 60, 11)), Awake(At(_random.Next(180, 200), 60, 12)));
        Add(
            new() { Name = "late", Rule = Cron(), Registered = Awake(At(_random.Next(280, 300), 60, 14)), Shares = (5, 0, 0) },
            pauses: 0, away: 0, disabled: 0);
        DrawKeys();
    }

    private void DrawKeys()
    {
        var all = new TaskPlan { Name = "device", Rule = None };
        DrawPause(all); // of all keys
        void Add(TaskPlan plan, int pauses)
        {
            plan.Pauses.AddRange(all.Pauses);
            this.Add(plan, pauses, away: 0, disabled: 0);
            Tasks.Remove(plan);
            Keys.Add(plan);
        }
        GridRule Rule() => Cron() with { Skipped = SkippedTime.Shift, Repeated = RepeatedTime.Both };
        FirstLifeOfKey = (Awake(At(_random.Next(20, 60), 60, 11)), Awake(At(_random.Next(90, 130), 60, 12)));
        var added = Awake(At(_random.Next(200, 300), 60, 14));
        for (var at = 0; at < 2; at++)
        {
            Add(
                new() { Name = $"watched{at}", IsKey = true, Pinned = LoopHost.Start, Rule = Rule(), Shares = (15, 10, 0) },
                pauses: 2);
        }
        Add(new() { Name = "failing", IsKey = true, Rule = Rule(), Shares = (60, 5, 0) }, pauses: 0);
        Add(new() { Name = "plain", IsKey = true, Rule = Rule(), Shares = (0, 30, 0) }, pauses: 0);
        Add(
            new()
            {
                Name = "done", IsKey = true, Rule = Rule(), Shares = (5, 0, 0), Done = Awake(At(_random.Next(90, 300), 0, 0)),
            },
            pauses: 0);
        Add(
            new() { Name = "added", IsKey = true, Rule = Rule(), Registered = added, Pinned = added, Shares = (15, 0, 0) },
            pauses: 0);
        var late = Awake(At(_random.Next(40, 140), 60, 15));
        Add(new() { Name = "late watched", IsKey = true, Rule = Rule(), Pinned = late, Shares = (15, 0, 0) }, pauses: 0);
    }

    private void DrawOverlapping()
    {
        void Add(string name, Overlap overlap, int most, (int, int, int) shares) => this.Add(
            new() { Name = name, Rule = Every(LoopHost.Start), Overlap = overlap, MostOverlapping = most, Shares = shares },
            pauses: 0, away: 0, disabled: 0);
        Add("one", Overlap.BufferOne, 1, (10, 10, 5));
        Add("queue", Overlap.BufferAll, _random.Next(2, 4), (10, 10, 5));
        Add("parallel", Overlap.Allow, 2, (0, 10, 20));
        Add("replaced", Overlap.CancelRunning, 100, (0, 10, 20));
        Tasks.Add(new()
        {
            Name = "cancelled",
            Rule = Every(LoopHost.Start),
            Shares = (0, 10, 40),
            Cancels = [.. Enumerable.Range(0, 60).Select(at => Awake(At((at * 6) + 2, _random.Next(1440), 47)))],
        });
    }

    private DateTimeOffset Awake(DateTimeOffset instant)
    {
        var sleep = Sleeps.Find(one => instant > one.From.AddHours(-1) && instant < one.To.AddHours(1));
        return sleep == default ? instant : sleep.To.AddHours(2);
    }

    private void Add(TaskPlan plan, int pauses, int away, int disabled)
    {
        for (var at = 0; at < away; at++)
            plan.Away.Add(DrawAway());
        for (var at = 0; at < pauses; at++)
            DrawPause(plan);
        for (var at = 0; at < disabled; at++)
        {
            var from = At(_random.Next(5, 350), _random.Next(24 * 60), 17);
            var stretch = (from, from.AddHours(_random.Next(2, 90)).AddSeconds(1));
            if (IsFree(plan, stretch))
                plan.Disabled.Add(stretch);
        }
        Tasks.Add(plan);
    }

    private void DrawPause(TaskPlan plan)
    {
        var from = At(_random.Next(3, 360), _random.Next(24 * 60), 19);
        var until = from.AddHours(_random.Next(1, 80)).AddSeconds(4);
        var isResumed = _random.Next(2) == 0;
        var ended = isResumed ? from + ((until - from) * 0.6) : until;
        ended = ended.AddTicks(-(ended.Ticks % TimeSpan.TicksPerMinute)).AddSeconds(isResumed ? 41 : 23);
        if (!IsFree(plan, (from, ended)))
            return;
        var hasEnd = !isResumed || _random.Next(2) == 0;
        plan.Pauses.Add((new()
        {
            Reason = $"release {_random.Next(99)}",
            By = _random.Next(3) == 0 ? null : $"o'{"Ann Bob Eve".Split(' ')[_random.Next(3)]}",
            Since = from,
            Until = !hasEnd ? null : isResumed ? until : ended,
        }, ended));
    }

    // What an operator does and the sleeps of the process keep apart, and so do pauses of one task.
    private bool IsFree(TaskPlan plan, (DateTimeOffset From, DateTimeOffset To) drawn)
    {
        var taken = Sleeps.Concat(plan.Disabled).Concat(plan.Pauses.Select(pause => (pause.Pause.Since, pause.Ended)))
            .Append((plan.ChangedAt ?? End, plan.ChangedAt ?? End));
        return taken.All(other => drawn.To.AddDays(1) < other.Item1 || drawn.From > other.Item2.AddDays(1))
            && drawn.To < End.AddDays(-1);
    }

    private TimeAway DrawAway() => _random.Next(3) switch
    {
        0 => new((DayOfWeek)_random.Next(7), null, default, default),
        1 => new(null, DateOnly.FromDateTime(At(_random.Next(365), 0, 0).DateTime), default, default),
        _ => new(null, null, new(_random.Next(5, 12), 0), new(_random.Next(13, 22), 30)),
    };

    private GridRule Cron()
    {
        var (minute, step) = (_random.Next(60), _random.Next(3, 9));
        var isRhythm = _random.Next(2) == 0;
        int[] hours = isRhythm
            ? [.. Enumerable.Range(0, 24).Where(hour => hour % step == 0)]
            : [.. new HashSet<int> { _random.Next(24), 1, 2, _random.Next(24), _random.Next(24) }.Order()];
        return Rule(minute, hours, isRhythm, isRhythm ? $"*/{step}" : string.Join(',', hours));
    }

    // In the hours in which clocks are set.
    private GridRule Night()
    {
        var isRhythm = _random.Next(2) == 0;
        return Rule(_random.Next(60), [0, 1, 2, 3], isRhythm, isRhythm ? "0-3" : "0,1,2,3");
    }

    // Never at the same time: which of them would be first is open.
    private GridRule Guest(GridRule holder) =>
        Rule((holder.Minutes[0] + 20) % 60, [.. Enumerable.Range(0, 24).Where(hour => hour % 2 == 0)], true, "*/2");

    private GridRule Rule(int minute, int[] hours, bool isRhythm, string text) => new()
    {
        Expression = $"{minute} {text} * * *",
        Zone = Zones[_random.Next(Zones.Length)],
        Minutes = [minute],
        Hours = hours,
        IsRhythm = isRhythm,
        Skipped = (SkippedTime)_random.Next(3),
        Repeated = (RepeatedTime)_random.Next(4),
    };

    private static GridRule None => new() { Zone = "UTC" };

    private GridRule Every(DateTimeOffset from) => new() { Zone = "UTC", Period = _random.Next(70, 300), From = from };
}
