namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// One task in a year of hosts that are killed and started again over one store, and how each of its slots ends: computed from
/// the plan, without code of SafeLoop.
/// </summary>
internal sealed class RestartPlan
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private readonly List<SlotOutcome> _outcomes = [];

    public RestartPlan(string name, GridRule rule, IReadOnlyList<HostLife> lives, bool isPaused, bool hangs, string? key = null)
    {
        (Name, Rule, Grid, Hangs, Key) = (name, rule, rule.Compute(), hangs, key);
        if (isPaused)
            Pauses = [.. lives.Select(life => life.Pause).OfType<(TaskPause, DateTimeOffset)>()];
        foreach (var life in lives)
            Live(life);
    }

    public string Name { get; }

    /// <summary>The key; null for an ordinary task.</summary>
    public string? Key { get; }

    /// <summary>True when an iteration of it may be running at the end of a host.</summary>
    public bool Hangs { get; }

    public GridRule Rule { get; }

    public (bool[] IsSlot, bool[] IsDropped) Grid { get; }

    public IReadOnlyList<(TaskPause Pause, DateTimeOffset Ended)> Pauses { get; } = [];

    public IReadOnlyList<SlotOutcome> Outcomes => _outcomes;

    public IEnumerable<DateTimeOffset> SlotsAfter(DateTimeOffset instant) =>
        Enumerable.Range(0, Grid.IsSlot.Length).Where(minute => Grid.IsSlot[minute]).Select(LocalCalendar.At)
            .SkipWhile(slot => slot <= instant);

    private void Live(HostLife life)
    {
        var last = _outcomes.Count == 0 ? life.Start : _outcomes[^1].Slot;
        var due = SlotsAfter(last).TakeWhile(slot => slot <= life.Start).ToList();
        var isDown = _outcomes.Count > 0;
        for (var at = 0; at < due.Count && isDown; at++)
        {
            var runs = at == due.Count - 1 && life.Start - due[at] <= Window;
            _outcomes.Add(PauseAt(life.Start) is { } pause
                ? Skip(due[at], life.Start, OutcomeReason.Paused) with { Pause = pause }
                : runs ? new(due[at], IterationOutcome.Succeeded, OutcomeReason.None, life.Start)
                : Skip(due[at], life.Start, OutcomeReason.HostDown));
        }
        foreach (var slot in SlotsAfter(life.Start).TakeWhile(slot => slot <= life.End))
        {
            _outcomes.Add(PauseAt(slot) is { } pause ? Skip(slot, slot, OutcomeReason.Paused) with { Pause = pause }
                : Hangs && slot == life.Hangs ? new(slot, IterationOutcome.Interrupted, ReasonAtEnd(life), slot)
                : new(slot, IterationOutcome.Succeeded, OutcomeReason.None, slot));
        }
    }

    private TaskPause? PauseAt(DateTimeOffset now) => Pauses
        .Where(one => now >= one.Pause.Since && now < one.Ended).Select(one => one.Pause).FirstOrDefault();

    private static OutcomeReason ReasonAtEnd(HostLife life) =>
        life.Stops ? OutcomeReason.HostStopping : OutcomeReason.HostLost;

    private static SlotOutcome Skip(DateTimeOffset slot, DateTimeOffset now, OutcomeReason reason) =>
        new(slot, IterationOutcome.Skipped, reason, now);
}
