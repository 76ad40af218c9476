namespace SafeLoop;

/// <summary>The input of the planner besides the state of the loop.</summary>
/// <param name="Task">The definition in force.</param>
/// <param name="Clock">The loop's clock.</param>
/// <param name="Key">The key of the loop; null for an ordinary task.</param>
/// <param name="Observers">Receives the faults of policies and exclusions.</param>
/// <param name="Random">0 up to, not including, 1: jitter and back-off draw from it.</param>
internal readonly record struct PlanContext(
    RecurringTask Task, LoopClock Clock, IKeyed? Key, LoopObservers Observers, Func<double> Random)
{
    /// <summary>The slot of the last run by hand; none before the first.</summary>
    public Instant LastManualSlot { get; init; }

    /// <summary>True for a forecast, whose faults are not reported.</summary>
    public bool IsForecast { get; init; }

    public SlotRules Rules => Task.Rules;

    public RecurringTaskOptions Options => Task.Options;

    /// <summary>The <c>StartAt</c> of the options on the loop's clock; null: none.</summary>
    public Instant? StartAt => Options.StartAt is { } start ? Clock.FromWall(start) : null;

    /// <summary>The latest possible slot; <see cref="Instant.Never"/> without <c>EndAt</c>.</summary>
    public Instant EndAt => Options.EndAt is { } end ? Clock.FromWall(end) : Instant.Never;

    /// <summary>How far the wall clock is ahead of the loop's, for exclusions.</summary>
    public TimeSpan WallShift => Rules.HasExclusions ? Clock.WallShift : TimeSpan.Zero;

    /// <summary>The share of the period by which <c>Spread</c> shifts the slots. Calls user code for a key.</summary>
    public double Phase => !Options.Spread ? 0 : Key is null ? StableHash.Share(Task.Name) : PhaseOf(Key);

    /// <summary>Marks the start of code that may call the user's policy or exclusions.</summary>
    public UserCall EnterPolicy() =>
        Rules.Callee is { } callee ? Observers.Calls.Enter(callee, (object?)Key ?? Task.Name) : default;

    public void Fault(FaultKind kind, string text, Exception? error)
    {
        if (!IsForecast)
            Observers.Fault(kind, Task.Name, text, error, Key);
    }

    private double PhaseOf(IKeyed key)
    {
        using var call = Observers.Calls.Enter("the text of its key", key);
        try
        {
            return key.Phase;
        }
        catch (Exception error) // the text of a key is user code, and the loop runs without it
        {
            Fault(FaultKind.KeyTextThrew, "The text of its key threw, so its slots are not spread.", error);
            return 0;
        }
    }
}
