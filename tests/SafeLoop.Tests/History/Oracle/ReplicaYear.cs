namespace SafeLoop.Tests.History.Oracle;

/// <summary>Times of a year in which two replicas run, and which of them comes to each slot first, drawn from a seed.</summary>
internal sealed class ReplicaYear
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10), Length = TimeSpan.FromMinutes(25);

    public static readonly TimeSpan Long = TimeSpan.FromSeconds(33);

    private readonly Random _random;

    public ReplicaYear(int seed)
    {
        _random = new(seed);
        string[] zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];
        var minute = _random.Next(6);
        int[] minutes = [.. Enumerable.Range(0, 10).Select(at => minute + (at * 6))];
        Rule = new()
        {
            Expression = $"{string.Join(',', minutes)} * * * *",
            Zone = zones[_random.Next(3)],
            Minutes = minutes,
            Hours = [.. Enumerable.Range(0, 24)],
            IsRhythm = true,
            Skipped = (SkippedTime)_random.Next(3),
            Repeated = (RepeatedTime)_random.Next(4),
        };
        var grid = Rule.Compute().IsSlot;
        Slots = [.. Enumerable.Range(0, grid.Length).Where(at => grid[at]).Select(LocalCalendar.At)];
        var changes = LocalCalendar.Of(Rule.Zone).Changes.Select(LocalCalendar.At).Where(at => at > Year.At(10, 0, 0)).ToList();
        for (var at = 0; at < 3; at++)
        {
            var start = Year.At(8 + (at * 115) + _random.Next(100), _random.Next(1440), 11);
            var change = changes.Find(one => (one - start).Duration() < TimeSpan.FromDays(30));
            Starts.Add(change == default ? start : change.AddMinutes(-14).AddSeconds(11)); // while the clock is set
        }
        Live();
    }

    public GridRule Rule { get; }

    public IReadOnlyList<DateTimeOffset> Slots { get; }

    /// <summary>When both replicas start.</summary>
    public List<DateTimeOffset> Starts { get; } = [];

    /// <summary>For each slot: how it ended, which replica came to it first, and whether it took long.</summary>
    public List<(SlotOutcome Outcome, int Winner, bool IsLong)> Outcomes { get; } = [];

    private void Live()
    {
        foreach (var start in Starts)
        {
            var last = Outcomes.Count == 0 ? start : Outcomes[^1].Outcome.Slot;
            var due = Slots.Where(slot => slot > last && slot <= start).ToList();
            foreach (var slot in due)
            {
                var runs = slot == due[^1] && start - slot <= Window;
                Outcomes.Add((new(slot, runs ? IterationOutcome.Succeeded : IterationOutcome.Skipped,
                    runs ? OutcomeReason.None : OutcomeReason.HostDown, start), 0, false));
            }
            var own = Slots.Where(slot => slot > start && slot <= start + Length).ToList();
            var held = own[_random.Next(own.Count)]; // another holder has the lock for this one
            foreach (var slot in own)
            {
                var isLong = _random.Next(3) == 0;
                Outcomes.Add(slot == held ? (new(slot, IterationOutcome.Skipped, OutcomeReason.LockHeld, slot),
                    _random.Next(2), false) : (new(slot, IterationOutcome.Succeeded, OutcomeReason.None, slot)
                {
                    Ended = slot + (isLong ? Long : TimeSpan.Zero),
                }, _random.Next(2), isLong));
            }
        }
    }
}
