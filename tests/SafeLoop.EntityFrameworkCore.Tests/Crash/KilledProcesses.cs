using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Three processes over one database, which are killed with SIGKILL at random moments and start again.</summary>
internal sealed class KilledProcesses(string kind, string connection, int seed) : IAsyncDisposable
{
    public const int Speed = 5;

    private const int Replicas = 3;

    // A process that gets no CPU time for long reads a pause late.
    private static readonly TimeSpan ReachesAll = TimeSpan.FromSeconds(40), PauseLasts = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(60);

    private readonly ScaledTime _time = new(Speed);
    private readonly Random _random = new(seed);
    private readonly CrashLog _log = new() { IsRealTime = true };
    private readonly Process?[] _processes = new Process?[Replicas];
    private readonly int[] _lives = new int[Replicas];
    private readonly CrashDatabase _database = new(options => KilledWorker.Use(options, kind, connection));

    public async Task<CrashReport> RunAsync(TimeSpan real)
    {
        await _database.CreateTablesAsync();
        var store = _database.CreateStore(new ScaledDatabaseClock(_time), _time);
        for (var replica = 0; replica < Replicas; replica++)
            Start(replica);
        var (end, nextPause) = (_time.GetUtcNow() + (real * Speed), _time.GetUtcNow() + Wait(10));
        DateTimeOffset? pausedAt = null;
        while (_time.GetUtcNow() < end)
        {
            await Task.Delay(Wait(_random.Next(1, 8)), _time);
            await NoteFirstSlotsAsync();
            if (_random.Next(2) == 0)
                await KillAsync(_random.Next(Replicas));
            if (_random.Next(4) == 0)
                await SendAsync(store, TaskCommandKind.RunNow, CrashTasks.Cron);
            if (pausedAt is null && _time.GetUtcNow() >= nextPause)
            {
                await SendAsync(store, TaskCommandKind.Pause, CrashTasks.Interval);
                pausedAt = _time.GetUtcNow();
            }
            else if (pausedAt is { } since && _time.GetUtcNow() - since > PauseLasts)
            {
                await ResumeAsync(store, since);
                (pausedAt, nextPause) = (null, _time.GetUtcNow() + Wait(30));
            }
        }
        if (pausedAt is { } last)
            await ResumeAsync(store, last);
        await Task.Delay(Settles, _time);
        return await JudgeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.OfType<Process>())
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        await _database.DisposeAsync();
    }

    private static TimeSpan Wait(int seconds) => TimeSpan.FromSeconds(seconds);

    private void Start(int replica)
    {
        _lives[replica]++;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "SafeLoop.EntityFrameworkCore.Tests.dll"), "worker", kind, connection,
            NameOf(replica), Speed.ToString(CultureInfo.InvariantCulture),
        ];
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _processes[replica] = Process.Start(
            new ProcessStartInfo(dotnet, arguments) { Environment = { ["DOTNET_gcServer"] = "0" } });
    }

    private string NameOf(int replica) => string.Create(CultureInfo.InvariantCulture, $"{replica}.{_lives[replica]}");

    private async Task KillAsync(int replica)
    {
        var process = _processes[replica]!;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _log.Killed.Add(NameOf(replica));
        Start(replica);
    }

    private async Task SendAsync(IRecurringTaskStore store, TaskCommandKind command, string task)
    {
        var sent = new TaskCommand
        {
            Id = Guid.NewGuid(),
            TaskName = task,
            Kind = command,
            ExpiresAfter = TimeSpan.FromHours(1),
        };
        await store.AddCommandAsync(sent, default);
        _log.Commands.Add(sent);
    }

    private async Task ResumeAsync(IRecurringTaskStore store, DateTimeOffset since)
    {
        _log.Pauses.Add((CrashTasks.Interval, Micros.Of(since + ReachesAll), Micros.Of(_time.GetUtcNow())));
        await SendAsync(store, TaskCommandKind.Resume, CrashTasks.Interval);
    }

    private async Task NoteFirstSlotsAsync()
    {
        foreach (var (task, slot) in await _database.ReadLastSlotsAsync())
            _log.FirstSlots.TryAdd(task, slot);
    }

    private async Task<CrashReport> JudgeAsync()
    {
        _log.End = Micros.Of(_time.GetUtcNow() - (3 * CrashTasks.Periods.Values.Max()));
        var judge = new CrashJudge(_log, await CrashFacts.ReadAsync(_database));
        var violations = judge.Judge();
        return new($"{kind}, {_log.Killed.Count} killed, {judge.Slots} slots, seed {seed}", [], _log.Killed.Count, judge.Slots,
            violations, violations.Count == 0 ? "" : (await CrashFacts.ReadAsync(_database)).ToString());
    }
}
