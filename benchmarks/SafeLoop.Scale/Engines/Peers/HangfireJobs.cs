using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.Peers;

/// <summary>Hangfire with its in-memory storage: one recurring job per loop.</summary>
internal sealed class HangfireJobs(Load load) : IEngine
{
    private InMemoryStorage _storage = null!;
    private BackgroundJobServer _server = null!;

    public Task StartAsync()
    {
        _storage = new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromSeconds(10) });
        _server = new BackgroundJobServer(new BackgroundJobServerOptions { SchedulePollingInterval = TimeSpan.FromSeconds(1) },
            _storage);
        return Task.CompletedTask;
    }

    public Task AddAsync()
    {
        var seconds = WholeSeconds.Of(load, "Hangfire");
        var manager = new RecurringJobManager(_storage);
        for (var loop = 0; loop < load.Loops; loop++)
        {
            var phase = (int)load.Phase(loop).TotalSeconds % seconds;
            var cron = load.IsIdle ? "0 0 29 2 *" : string.Create(CultureInfo.InvariantCulture, $"{phase}/{seconds} * * * * *");
            manager.AddOrUpdate(loop.ToString(CultureInfo.InvariantCulture), Job.FromExpression(() => Run(phase, seconds)), cron);
        }
        return Task.CompletedTask;
    }

    public static void Run(int phase, int seconds) => Lateness.Note(WholeSeconds.LastSlot(DateTimeOffset.UtcNow, phase, seconds));
}
