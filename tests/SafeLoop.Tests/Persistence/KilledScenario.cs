using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

/// <summary>Twelve minutes of a task that runs every minute, is paused in between, and is run by hand once.</summary>
/// <param name="secondsDown">How long there is no host after one was killed.</param>
internal sealed class KilledScenario(int secondsDown)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset End = StoredHosts.Start + TimeSpan.FromMinutes(12);
    private static readonly DateTimeOffset PauseAt = StoredHosts.Start + TimeSpan.FromMinutes(4);
    private static readonly DateTimeOffset ResumeAt = StoredHosts.Start + TimeSpan.FromMinutes(7);
    private static readonly DateTimeOffset RunAt = StoredHosts.Start + TimeSpan.FromMinutes(9);

    private readonly StoredHosts _hosts = new();
    private readonly List<(DateTimeOffset Slot, bool IsManual)> _runs = [];
    private readonly List<StoreCall> _calls = [];
    private readonly HashSet<DateTimeOffset> _done = [];
    private readonly TaskCommand _run = new() { TaskName = "report", Kind = TaskCommandKind.RunNow };
    private DateTimeOffset? _first;
    private MemoryStore? _dead;
    private bool _isPaused;

    public static bool IsWorthKillingAt(StoreCall call) => call.Method is not "Beat" || call.Number % 20 == 0;

    /// <summary>Runs it, and checks what is in the store at the end.</summary>
    /// <param name="killAt">The call at which the host is killed; null: none.</param>
    /// <returns>The calls to the store.</returns>
    public async Task<IReadOnlyList<StoreCall>> RunAsync(StoreCall? killAt)
    {
        await using var hosts = _hosts;
        var isKilled = false;
        hosts.Database.Cut = call =>
        {
            if (call.Store != _dead && call.Store != hosts.StoreOfLast)
                return StoreCut.None; // the operator
            _calls.Add(call);
            if (call is { Method: "TryClaim", IsExecuted: true })
                _first ??= hosts.GetUtcNow() - TimeSpan.FromTicks(hosts.GetUtcNow().Ticks % TimeSpan.TicksPerMinute);
            if (!isKilled && (call.Number, call.IsExecuted) == (killAt?.Number, killAt?.IsExecuted))
                (isKilled, _dead) = (true, call.Store);
            return call.Store == _dead ? StoreCut.Fail : StoreCut.None; // nothing of it arrives, which is death to the store
        };
        var host = await hosts.StartAsync(Register);
        while (host.Now < End)
        {
            await ActAsync(host);
            await host.AdvanceAsync(Step);
            if (_dead is null || !isKilled || hosts.StoreOfLast != _dead)
                continue;
            host = await hosts.StartAsync(Register, host.Now + secondsDown.Seconds);
        }
        await host.AdvanceAsync(1.Minutes);
        Check($"killed at {killAt}, down for {secondsDown} s");
        return _calls;
    }

    private void Register(IServiceCollection services)
    {
        services.AddRecurringTask<MemoryStoreStep>("report").Every(1.Minutes).SurviveRestarts(90.Seconds);
        services.AddSingleton<Action<Iteration, IRecurringTaskStore>>(OnRun);
    }

    private void OnRun(Iteration iteration, IRecurringTaskStore store)
    {
        if (store == _dead)
            return;
        Assert.False(_isPaused && !iteration.IsManual, $"Slot {iteration.Slot} ran while the task was paused.");
        _runs.Add((iteration.Slot, iteration.IsManual));
    }

    private async Task ActAsync(VirtualHost host)
    {
        if (IsTimeFor(PauseAt, host))
        {
            var paused = host["report"].PauseAsync("release", "Ann");
            await host.AdvanceAsync(TimeSpan.Zero);
            _isPaused = paused.IsCompletedSuccessfully && _hosts.StoreOfLast != _dead;
        }
        else if (IsTimeFor(ResumeAt, host))
        {
            _isPaused = false;
            host["report"].Resume();
        }
        else if (IsTimeFor(RunAt, host))
        {
            await _hosts.OperatorAsync(async store => await store.AddCommandAsync(_run, default));
        }
    }

    private bool IsTimeFor(DateTimeOffset at, VirtualHost host) => host.Now >= at && _done.Add(at);

    private void Check(string what)
    {
        var entries = _hosts.Entries("report").Where(entry => !entry.Record.IsManual).ToList();
        string[] lines = [what, .. _hosts.History("report"), .. _calls.Select(call => $"{call}")];
        var text = string.Join(Environment.NewLine, lines);
        var next = _first!.Value; // before the first claim the store knows of no slot
        foreach (var entry in entries)
        {
            Assert.True((entry.FirstSlot ?? entry.Record.Slot) == next, $"{text}{Environment.NewLine}no outcome of {next}");
            next += entry.Record.Count * 1.Minutes;
            Assert.True(entry.Record.Slot == next - 1.Minutes, $"{text}{Environment.NewLine}count of {entry.Record.Slot}");
        }
        Assert.True(next > End, $"{text}{Environment.NewLine}ends before {End}");
        Assert.True(_runs.Distinct().Count() == _runs.Count, $"{text}{Environment.NewLine}a slot ran twice");
        var succeeded = from entry in entries
                        where entry.Record.Outcome is IterationOutcome.Succeeded
                        select entry.Record.Slot;
        Assert.True(
            succeeded.All(slot => _runs.Contains((slot, false))), $"{text}{Environment.NewLine}a success did not run");
        var manual = _runs.Count(run => run.IsManual);
        Assert.True(manual <= 1, $"{text}{Environment.NewLine}the command ran twice");
        var status = _hosts.Database.Read("app", stored => stored.Find(_run.Id, _hosts.GetUtcNow()))!;
        // A run that began has a result, and one that did not begin has expired or was lost with its host.
        Assert.True(
            status.Text is "Interrupted (HostLost)" || status.Text == (manual == 1 ? "Succeeded" : "expired"),
            $"{text}{Environment.NewLine}the command ran {manual} times and is '{status.Text}'");
    }
}
