using Coravel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.Peers;

/// <summary>Coravel: one scheduled delegate per loop, without a scope per run.</summary>
internal sealed class CoravelSchedules(Load load) : IEngine
{
    private IHost _host = null!;

    public Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddScheduler();
        _host = builder.Build();
        return Task.CompletedTask;
    }

    // Before it starts: it may look at a schedule that is still being made, and that ends the process.
    public Task AddAsync()
    {
        var seconds = WholeSeconds.Of(load, "Coravel");
        void Run() => Lateness.Note(WholeSeconds.LastSlot(DateTimeOffset.UtcNow, phase: 0, seconds));
        _host.Services.UseScheduler(scheduler =>
        {
            for (var loop = 0; loop < load.Loops; loop++)
            {
                var interval = scheduler.Schedule(Run);
                if (load.IsIdle)
                    interval.Cron("0 0 29 2 *");
                else
                    interval.EverySeconds(seconds);
            }
        });
        return _host.StartAsync();
    }
}
