using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>
/// A host in virtual time over a database that fails: "poll" runs every ten seconds and fails every sixth time; "report"
/// survives restarts and is due every minute.
/// </summary>
internal sealed class OutageHost : IAsyncDisposable
{
    private readonly LogCount _log = new();
    private VirtualHost? _host;
    private int _polls;
    private int _failedPolls;
    private int _pollsBefore;

    /// <summary>The slots of "report" whose step ran.</summary>
    public List<DateTimeOffset> Reports { get; } = [];

    public VirtualHost Host => _host!;

    public static async Task<OutageHost> StartAsync(
        Action<DbContextOptionsBuilder> use, Action<IServiceCollection>? configure = null)
    {
        var host = new OutageHost();
        host._host = await VirtualHost.StartAsync(builder =>
        {
            builder.Logging.AddProvider(host._log);
            builder.Environment.ApplicationName = "outage";
            configure?.Invoke(builder.Services);
            builder.Services.AddRecurringTaskStore(use);
            builder.Services.AddHealthChecks().AddRecurringTasks();
            builder.Services.AddRecurringTask("poll", (iteration, _) => host.Poll(iteration)).Every(TimeSpan.FromSeconds(10));
            builder.Services.AddRecurringTask("report", (iteration, _) => host.Report(iteration))
                .Every(TimeSpan.FromMinutes(1)).SurviveRestarts(TimeSpan.FromMinutes(5));
        });
        return host;
    }

    public Task AdvanceAsync(double minutes) => Host.AdvanceAsync(TimeSpan.FromMinutes(minutes));

    /// <summary>Lets time pass during which "poll" runs as ever.</summary>
    public async Task AdvanceUnharmedAsync(double minutes)
    {
        _pollsBefore = _polls;
        await AdvanceAsync(minutes);
        Assert.InRange(_polls - _pollsBefore, (minutes * 6) - 1, (minutes * 6) + 1);
    }

    /// <summary>A call that hangs ends by its time limit, but a moment later in real time.</summary>
    public async Task AdvanceUntilDegradedAsync(string sentence)
    {
        while ((await HealthAsync()).Description?.Contains(sentence, StringComparison.Ordinal) != true)
            await Host.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>The same, when the database can be used again.</summary>
    public async Task AdvanceUntilSoundAsync()
    {
        while ((await HealthAsync()).Description?.Contains("The store", StringComparison.Ordinal) == true)
            await Host.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Health is degraded, and both health and the log have a sentence.</summary>
    public async Task AssertDegradedAsync(string sentence)
    {
        var report = await HealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains(sentence, report.Description, StringComparison.Ordinal);
        Assert.Contains(_log.Lines, line => line.StartsWith("Warning StoreFailed: 'SafeLoop': ", StringComparison.Ordinal)
            && line.Contains(sentence, StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Error Store", StringComparison.Ordinal));
    }

    /// <summary>Health says nothing of the store. It may say that "poll" has failed.</summary>
    public async Task AssertHealthyAsync() =>
        Assert.DoesNotContain("The store", (await HealthAsync()).Description ?? "", StringComparison.Ordinal);

    public void AssertNothingLogged() =>
        Assert.DoesNotContain(_log.Lines, line => line.Contains("Store", StringComparison.Ordinal));

    /// <summary>
    /// Stops the host, and finds everything in the database: each iteration of "poll" in counts, totals and history, each failure
    /// in a row of its own, and each slot of "report" in exactly one outcome.
    /// </summary>
    public async Task StopAndAssertCompleteAsync(TestDatabase database)
    {
        await Host.StopAsync();
        var polls = await RowsAsync(database, "poll");
        Assert.Equal(_polls, polls.Sum(row => row.Slots ?? 1));
        Assert.Equal(_failedPolls, polls.Count(row => row.Outcome is IterationOutcome.Failed));
        var loop = await database.ReadAsync(db => Of(db, "poll", db.Set<LoopRow>(), l => l.TaskId).SingleAsync());
        Assert.Equal((_polls - _failedPolls, _failedPolls), (loop.Succeeded, loop.Failed));
        var totals = await database.ReadAsync(db => Of(db, "poll", db.Set<TotalRow>(), t => t.TaskId).SumAsync(t => t.Slots));
        Assert.Equal(_polls, totals);
        Assert.Equal(0, await database.ReadAsync(db => db.Set<GapRow>().CountAsync()));

        var slots = (await RowsAsync(database, "report")).SelectMany(SlotsOf).OrderBy(slot => slot.At).ToArray();
        Assert.Equal(Enumerable.Range(0, slots.Length).Select(n => slots[0].At.AddMinutes(n)), slots.Select(slot => slot.At));
        Assert.Equal(Reports, slots.Where(slot => slot.Outcome is IterationOutcome.Succeeded).Select(slot => slot.At));
        Assert.Equal(0, await database.ReadAsync(db => db.Set<ClaimRow>().CountAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }

    private static IEnumerable<(DateTimeOffset At, IterationOutcome Outcome)> SlotsOf(HistoryRow row)
    {
        var (first, last) = (Micros.ToInstant(row.FirstSlot ?? row.Slot), Micros.ToInstant(row.Slot));
        for (var slot = first; slot <= last; slot = slot.AddMinutes(1))
            yield return (slot, row.Outcome);
    }

    private static Task<List<HistoryRow>> RowsAsync(TestDatabase database, string task) =>
        database.ReadAsync(db => Of(db, task, db.Set<HistoryRow>(), h => h.TaskId).ToListAsync());

    private static IQueryable<T> Of<T>(
        DbContext db, string task, IQueryable<T> rows, System.Linq.Expressions.Expression<Func<T, int>> taskId) =>
        db.Set<TaskRow>().Where(t => t.Name == task).Join(rows, t => t.Id, taskId, (_, row) => row);

    private async Task<HealthReportEntry> HealthAsync() =>
        (await Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Single().Value;

    private ValueTask Poll(Iteration iteration)
    {
        _polls++;
        if (iteration.Number % 6 != 0)
            return ValueTask.CompletedTask;
        _failedPolls++;
        throw new InvalidOperationException($"{iteration.Number} {new string('x', 900)}");
    }

    private ValueTask Report(Iteration iteration)
    {
        Reports.Add(iteration.Slot);
        return ValueTask.CompletedTask;
    }
}
