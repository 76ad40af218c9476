using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// Processes over one database, which are killed with SIGKILL at random moments and start again. A slow machine makes it
/// longer: it ends when the database has everything, and what is judged is only what the processes have written.
/// </summary>
/// <param name="kind">The database.</param>
/// <param name="connection">Its connection string.</param>
/// <param name="seed">Draws when which process is killed, and what the operator does.</param>
/// <param name="replicas">How many processes run at a time.</param>
/// <param name="betweenKills">The shortest time from one kill to the next. The start of a process takes seconds of a CPU.</param>
internal sealed class KilledProcesses(string kind, string connection, int seed, int replicas, TimeSpan betweenKills = default)
    : IAsyncDisposable
{
    /// <summary>So that a lost host is noticed after 7 s.</summary>
    private const int Speed = 5;

    /// <summary>Fewer kills or outcomes would say nothing. A slow machine takes longer for them.</summary>
    public const int FewestKills = 3, FewestSlots = 15;

    // For a hang: longer than a machine needs that has much else to do.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ScaledTime _time = new(Speed);
    private readonly Random _random = new(seed);
    private readonly CrashLog _log = new() { IsRealTime = true };
    private readonly CancellationTokenSource _stop = new();
    private readonly KilledReplica[] _replicas =
        [.. Enumerable.Range(0, replicas).Select(number => new KilledReplica(number, kind, connection, Speed))];
    private readonly CrashDatabase _database = new(options => KilledWorker.Use(options, kind, connection));
    private string _waitsFor = "tables";
    private DateTimeOffset _nextKill;

    /// <param name="killing">How long processes are killed.</param>
    public async Task<CrashReport> RunAsync(TimeSpan killing)
    {
        try
        {
            await Task.Run(() => RunScenarioAsync(killing)).WaitAsync(killing + Longest, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _log.Failures.Add($"it has not ended after {killing + Longest}, and waits for {_waitsFor}");
        }
        await KillAllAsync(); // what is judged stands still
        return await JudgeAsync().WaitAsync(Longest, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAllAsync();
        _stop.Dispose();
        await _database.DisposeAsync();
    }

    private async Task RunScenarioAsync(TimeSpan killing)
    {
        await _database.CreateTablesAsync();
        var people = new KilledOperator(
            _database.CreateStore(new ScaledDatabaseClock(_time), _time), _time, _random, _log);
        var (end, slots) = (_time.GetUtcNow() + (killing * Speed), 0);
        while (MustKill() || slots < FewestSlots) // the last of them without kills, which would delay them for ever
        {
            _waitsFor = $"{FewestKills} kills and {FewestSlots} slots, and has {_log.Killed.Count} and {slots}";
            StartDue(_time.GetUtcNow());
            await Task.Delay(Look * _random.NextDouble() * 3, _time, _stop.Token);
            await people.ActAsync();
            var seen = await KilledProgress.ReadAsync(_database, _log);
            slots = seen.Slots;
            if (MustKill() && _time.GetUtcNow() >= _nextKill)
                await KillOneAsync(seen);
        }
        await people.ResumeAsync();
        _log.End = Micros.Of(_time.GetUtcNow());
        StartDue(DateTimeOffset.MaxValue);
        while ((await KilledProgress.ReadAsync(_database, _log)).Missing is { } missing)
        {
            _waitsFor = missing;
            NoteFailures();
            await Task.Delay(Look, _time, _stop.Token);
        }

        bool MustKill() => _time.GetUtcNow() < end || _log.Killed.Count < FewestKills;
    }

    private void StartDue(DateTimeOffset now)
    {
        NoteFailures();
        foreach (var replica in _replicas.Where(replica => replica.Process is null && replica.StartsAt <= now))
        {
            replica.Start();
            _log.ProcessIds.Add(replica.Process!.Name, replica.Process.Id);
        }
    }

    // Mostly one that works on a slot, so that its claim or outcome is cut off; now and then any, which may be only starting, but
    // not so often that a slow machine starts nothing.
    private async Task KillOneAsync(KilledProgress seen)
    {
        var victims = _random.Next(5) switch
        {
            0 when _log.ProcessIds.Count - replicas <= 2 * _log.Killed.Count => _replicas,
            1 or 2 => [.. _replicas.Where(replica => seen.Working.Contains(replica.Process?.Id ?? 0))],
            _ => [],
        };
        if (victims.Length == 0 || victims[_random.Next(victims.Length)] is not { Process: { } process } victim)
            return;
        await victim.KillAsync(_time.GetUtcNow() + (Look * _random.Next(15)));
        _nextKill = _time.GetUtcNow() + (betweenKills * Speed);
        if (seen.Connected.Contains(process.Id))
            _log.Killed.Add(process.Name);
    }

    private void NoteFailures()
    {
        foreach (var failure in _replicas.Select(replica => replica.Process?.Failure).OfType<string>())
            _log.Failures.Add(failure);
    }

    private async Task KillAllAsync()
    {
        await _stop.CancelAsync();
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
    }

    private async Task<CrashReport> JudgeAsync()
    {
        var facts = await CrashFacts.ReadAsync(_database);
        var judge = new CrashJudge(_log, facts);
        var violations = judge.Judge();
        return new($"{kind}, {replicas} replica(s), seed {seed}: {_log.ProcessIds.Count} processes, {_log.Killed.Count} killed "
            + $"while connected; {facts.CountOutcomes()}",
            [], _log.Killed.Count, judge.Slots, facts.Effects, violations, violations.Count == 0 ? "" : facts.ToString());
    }
}
