using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A replica in virtual time: one process after the other.</summary>
/// <param name="number">From 0.</param>
/// <param name="skew">How far its clock is ahead.</param>
/// <param name="createLife">Creates its next process.</param>
/// <param name="register">Registers the tasks and the store of a process.</param>
internal sealed class Replica(
    int number, TimeSpan skew, Func<int, Life> createLife, Action<IServiceCollection, Life> register)
{
    private VirtualHost? _host;
    private Life _life = null!;

    public int Number => number;

    public Life Life => _life;

    public VirtualHost Host => _host!;

    public bool IsAlive => !_life.IsDead;

    /// <summary>When its present process was started, and when it was seen dead; null: it is alive.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset? DiedAt { get; private set; }

    /// <summary>The time of the scenario, as this replica sees it.</summary>
    public DateTimeOffset Now => Host.Now - skew;

    public bool HasHost => _host is not null;

    /// <summary>Starts the first process, or the next one after a death.</summary>
    public async Task StartAsync(DateTimeOffset now)
    {
        (StartedAt, DiedAt) = (now, null);
        _host = _host is null
            ? await VirtualHost.StartAsync(Configure, now + skew)
            : await _host.CrashAndRestartAsync(now + skew - _host.Now);
        Note(now);
    }

    public async Task AdvanceAsync(TimeSpan span)
    {
        if (IsAlive)
            await Host.AdvanceAsync(span);
        Note(Now); // also of one that an operator's call has killed meanwhile
    }

    private void Configure(HostApplicationBuilder builder)
    {
        _life = createLife((_life?.Number ?? 0) + 1);
        builder.Environment.ApplicationName = CrashDatabase.Application;
        register(builder.Services, _life);
    }

    private void Note(DateTimeOffset now)
    {
        if (!IsAlive)
            DiedAt ??= now;
    }
}
