namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What happens in a scenario, drawn from a seed.</summary>
internal sealed class CrashPlan
{
    /// <summary>How long operators act and processes are cut off, in seconds.</summary>
    public const int Seconds = 60;

    private readonly Random _random;

    public CrashPlan(int seed, int replicas)
    {
        (Seed, Replicas) = (seed, replicas);
        _random = new Random(unchecked(((seed * 4) + replicas) * -1640531535)); // the draws of seeds that are near are alike
        Window = Draw(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(10));
        Missed = Draw(MissedSlots.RunLatest, MissedSlots.RunAll, MissedSlots.Skip);
        StepsTake = Draw(0, 0, 2, 7);
        AheadOfHosts = TimeSpan.FromSeconds(Draw(0, 0, 3600, -3600));
        Skews = [.. Enumerable.Range(0, replicas).Select(_ => TimeSpan.FromSeconds(Draw(0, 0, 0, 1, -2, 45)))];
        Paused = Draw(CrashTasks.Cron, CrashTasks.Interval, CrashTasks.Locked);
        PauseBy = _random.Next(-1, replicas);
        PauseAt = _random.Next(8, 25);
        ResumeAt = PauseAt + _random.Next(22, 35);
        RunByHand = Draw(CrashTasks.Cron, CrashTasks.Interval, CrashTasks.Locked);
        RunAt = _random.Next(5, 55) + 0.3;
        (ChangedBy, ChangeAt) = (_random.Next(-1, replicas), _random.Next(5, 55) + 0.6);
        Victim = _random.Next(replicas);
        SecondsDown = _random.Next(3, 46);
        IsCommandRepeated = _random.Next(2) == 0;
        IsResumed = _random.Next(3) != 0;
    }

    public int Seed { get; }

    public int Replicas { get; }

    /// <summary>How late a slot is caught up.</summary>
    public TimeSpan Window { get; }

    public MissedSlots Missed { get; }

    /// <summary>How many seconds a step takes.</summary>
    public int StepsTake { get; }

    /// <summary>How far the clock of the database is ahead.</summary>
    public TimeSpan AheadOfHosts { get; }

    /// <summary>How far the clock of each replica is ahead.</summary>
    public IReadOnlyList<TimeSpan> Skews { get; }

    public string Paused { get; }

    /// <summary>The replica whose handle pauses; -1: an operator does, through the store.</summary>
    public int PauseBy { get; }

    public int PauseAt { get; }

    public int ResumeAt { get; }

    /// <summary>False: the task stays paused.</summary>
    public bool IsResumed { get; }

    public string RunByHand { get; }

    public double RunAt { get; }

    /// <summary>The replica whose handle changes the interval task; -1: an operator does, through the store.</summary>
    public int ChangedBy { get; }

    public double ChangeAt { get; }

    /// <summary>The replica that is cut off.</summary>
    public int Victim { get; }

    /// <summary>How long it is down after it was killed.</summary>
    public int SecondsDown { get; }

    /// <summary>True: the answer to an operator's command is lost, and the operator gives it again.</summary>
    public bool IsCommandRepeated { get; }

    /// <summary>
    /// The cut of the victim, and one time in three a second one: of another replica, or of the process that follows the victim.
    /// </summary>
    public IReadOnlyList<Cut> DrawCuts()
    {
        var most = Replicas == 1 ? 600 : 450; // nearly as many points has the first process of a replica
        var first = new Cut(
            Victim, 1, _random.Next(1, most), _random.Next(3) == 0 ? CutKind.LoseAnswer : CutKind.Kill);
        var other = _random.Next(Replicas);
        return _random.Next(3) != 0 ? [first]
            : other == Victim ? [first with { Kind = CutKind.Kill }, new(Victim, 2, _random.Next(1, 200), CutKind.Kill)]
            : [first, new(other, 1, _random.Next(1, most), CutKind.Kill)];
    }

    public override string ToString() =>
        $"seed {Seed}, {Replicas} replica(s), window {Window.TotalSeconds:0} s, {Missed}, steps take {StepsTake} s, "
        + $"database ahead {AheadOfHosts.TotalSeconds:0} s, skews {string.Join('/', Skews.Select(s => s.TotalSeconds))} s, "
        + $"pause of {Paused} by {PauseBy} at {PauseAt} until {(IsResumed ? ResumeAt : "the end")}, "
        + $"change by {ChangedBy} at {ChangeAt}, run of {RunByHand} at {RunAt}, down {SecondsDown} s";

    private T Draw<T>(params T[] from) => from[_random.Next(from.Length)];
}
