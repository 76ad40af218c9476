using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// A scenario of cron, interval, lock, pause, change and run by hand, on one replica or more in virtual time, whose processes are
/// cut off from the database at chosen points. What was killed starts again later.
/// </summary>
internal sealed class CrashRun
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 2, 500, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2.5);

    // After its start a process must take those before it for lost, which takes 35 s.
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(45);

    // With RunAll it then runs these one after the other, or the scenario would end in the midst of one of them.
    private const int MostCaughtUp = 12;

    private const double Longest = 600; // in seconds

    private readonly CrashPlan _plan;
    private readonly CrashDatabase _database;
    private readonly CrashClock _clock;
    private readonly CrashLocks _locks;
    private readonly Broken _broken;
    private readonly CrashLog _log = new();
    private readonly List<Replica> _replicas;
    private readonly List<Life> _lives = [];
    private readonly CrashOperator _operator;
    private readonly IReadOnlyList<Point>[] _points;
    private Replica? _advancing;
    private DateTimeOffset _now = Start;

    public CrashRun(CrashPlan plan, CrashDatabase database, IReadOnlyList<Cut> cuts, Broken broken = Broken.Nothing)
    {
        (_plan, _database, _broken) = (plan, database, broken);
        _clock = new(plan.AheadOfHosts, Now);
        _locks = new(Now);
        _replicas = [.. Enumerable.Range(0, plan.Replicas).Select(number =>
            new Replica(number, plan.Skews[number], life => Create(number, life, cuts), Register))];
        _points = [.. Enumerable.Repeat<IReadOnlyList<Point>>([], plan.Replicas)];
        _operator = new(plan, database.CreateStore(_clock, TimeProvider.System), _clock, _log, _replicas);
    }

    public async Task<CrashReport> RunAsync()
    {
        await _database.ClearAsync();
        var random = new Random(_plan.Seed);
        while (Elapsed < CrashPlan.Seconds + 20 || !IsSettled)
        {
            if (Elapsed > Longest)
                throw new InvalidOperationException($"It does not settle: {_plan}.");
            var order = _replicas.ToArray();
            random.Shuffle(order);
            foreach (var replica in order)
                await AdvanceAsync(replica);
            _now += Step;
            if (Elapsed <= CrashPlan.Seconds)
                NotePoints();
            await _operator.ActAsync(Elapsed);
            await NoteFirstSlotsAsync();
        }
        return await JudgeAsync();
    }

    private double Elapsed => (_now - Start).TotalSeconds;

    private bool IsSettled => _replicas.All(replica =>
        replica is { HasHost: true, IsAlive: true }
            && _now - replica.StartedAt > Settles + TimeSpan.FromSeconds(MostCaughtUp * _plan.StepsTake));

    private DateTimeOffset Now() => _advancing?.Now ?? _now;

    private Life Create(int replica, int number, IReadOnlyList<Cut> cuts)
    {
        var at = cuts.Where(cut => cut.Replica == replica && cut.Life == number).Select(cut => (Cut?)cut).FirstOrDefault();
        var life = new Life(replica, number, at);
        _lives.Add(life);
        return life;
    }

    private void Register(IServiceCollection services, Life life)
    {
        services.AddSingleton<IRecurringTaskStore>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            IDatabaseClock clock = _broken is Broken.HeartbeatOfClient ? new VirtualDatabaseClock(time) : _clock;
            return new CrashStore(life, _database.CreateStore(clock, time), _broken);
        });
        services.AddSingleton(_locks.For(life));
        CrashTasks.Register(services, _plan, (iteration, token) => StepAsync(life, iteration, token));
    }

    private async ValueTask StepAsync(Life life, Iteration iteration, CancellationToken cancellationToken)
    {
        LifeCall.Current = new(life, "step");
        var (isManual, slot) = (iteration.IsManual, Micros.Of(iteration.Slot));
        var row = new StepRow(
            iteration.TaskName, slot, life.Name, isManual ? StepKind.BegunByHand : StepKind.Begun, _clock.Now);
        await GuardedTable.BeginAsync(_database.Database, row);
        if (_plan.StepsTake > 0)
            await Task.Delay(
                TimeSpan.FromSeconds(_plan.StepsTake),
                iteration.Services.GetRequiredService<TimeProvider>(),
                cancellationToken);
        if (isManual)
            return;
        var isAccepted = await GuardedTable.WriteAsync(
            _database.Database,
            row with { Kind = StepKind.Accepted },
            iteration.FencingToken > 0 ? iteration.FencingToken : slot);
        if (!isAccepted && iteration.FencingToken == 0) // a replica whose clock is ahead runs it without a lock
            throw new InvalidOperationException("The step of a later slot was faster.");
    }

    private async Task AdvanceAsync(Replica replica)
    {
        if (!replica.HasHost || (replica.DiedAt is { } died && died + TimeSpan.FromSeconds(_plan.SecondsDown) <= _now))
            await replica.StartAsync(_now);
        _advancing = replica.IsAlive ? replica : null;
        await replica.AdvanceAsync(Step);
        _advancing = null;
    }

    private void NotePoints()
    {
        foreach (var replica in _replicas.Where(replica => replica is { HasHost: true, Life.Number: 1 }))
            _points[replica.Number] = replica.Life.Points;
    }

    private async Task NoteFirstSlotsAsync()
    {
        if (_log.FirstSlots.Count == CrashTasks.Periods.Count)
            return;
        foreach (var (task, slot) in await _database.ReadLastSlotsAsync())
            _log.FirstSlots.TryAdd(task, slot);
    }

    // Of all processes, and of one more that starts now.
    private async Task NoteStatesAsync()
    {
        foreach (var replica in _replicas)
            NoteStates(replica);
        var again = _replicas[_plan.Victim];
        again.Life.Kill();
        await again.StartAsync(_now);
        await again.AdvanceAsync(Step);
        NoteStates(again);
    }

    private void NoteStates(Replica replica) => _log.States.AddRange(CrashTasks.Periods.Keys.Select(task => new TaskState(
        replica.Life.Name,
        task,
        replica.Host[task].Snapshot().Pause is not null,
        replica.Host[task].Options.Timeout == CrashTasks.Changed)));

    private async Task<CrashReport> JudgeAsync()
    {
        _log.Running = _replicas.Count;
        _log.Killed.UnionWith(_lives.Where(life => life.IsDead).Select(life => life.Name));
        // A host whose clock is behind has not had the last slots.
        _log.End = Micros.Of(_now + _plan.Skews.Max() - (2 * CrashTasks.Periods.Values.Max()));
        _operator.NoteEnd();
        var facts = await CrashFacts.ReadAsync(_database);
        await NoteStatesAsync();
        foreach (var replica in _replicas)
        {
            replica.Life.Kill(); // its stop writes nothing
            await replica.Host.DisposeAsync();
        }
        var judge = new CrashJudge(_log, facts);
        var violations = judge.Judge();
        string[] cuts = [.. _lives.Select(life => life.CutAt).OfType<string>()];
        return new($"{_plan}{string.Concat(cuts.Select(cut => $"{Environment.NewLine}  cut {cut}"))}",
            _points, cuts.Length, judge.Slots, facts.Effects, violations, violations.Count == 0 ? "" : facts.ToString());
    }
}
