using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A host that waits sends heartbeats, with the sample of its memory, and nothing else.</summary>
public sealed class IdleHostTests : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5), Idle = TimeSpan.FromMinutes(8);

    private readonly SqliteDatabase _database = new();
    private readonly StatementCount _count = new();

    [Fact]
    public async Task An_idle_host_makes_some_seven_statements_per_heartbeat_and_a_row_a_minute()
    {
        await using var host = await VirtualHost.StartAsync(Register, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await host.AdvanceAsync(TimeSpan.FromMinutes(1));
        var (statements, rows) = (_count.Statements, await CountRowsAsync());

        await host.AdvanceAsync(Idle);

        // The version, the heartbeat, the sample of the minute, three that find what lost hosts leave, the commands. Once a
        // minute an insert. The clock of the database would be one more, and so is a sample after a full collection.
        var beats = (int)(Idle / Period);
        var least = (7 * beats) + (int)Idle.TotalMinutes;
        Assert.InRange(_count.Statements - statements, least, least + beats);
        Assert.Equal((int)Idle.TotalMinutes, await CountRowsAsync() - rows);
        Assert.Equal(0, await _database.ReadAsync(db => db.Set<HistoryRow>().CountAsync()));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private void Register(HostApplicationBuilder builder)
    {
        builder.Services.AddRecurringTaskStore(db =>
        {
            _database.Use(db);
            db.AddInterceptors(_count);
        });
        builder.Services.AddRecurringTask("yearly", (_, _) => ValueTask.CompletedTask).Cron("0 3 1 7 *");
    }

    private Task<int> CountRowsAsync() => _database.ReadAsync(db => db.Set<SampleRow>().CountAsync());
}
