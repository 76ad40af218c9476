using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Store.Loops;

/// <summary>A host with tasks that note how late they are; one of some iterations fails.</summary>
internal sealed class NamedLoops : IAsyncDisposable
{
    private readonly IHost _host;
    private long _runs;
    private long _failures;

    /// <param name="use">The store; null: none.</param>
    /// <param name="tasks">How many tasks.</param>
    /// <param name="every">Their period, whose phases are spread.</param>
    /// <param name="failing">One of how many iterations fails.</param>
    public NamedLoops(Action<DbContextOptionsBuilder>? use, int tasks, TimeSpan every, int failing)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        if (use is not null)
            builder.Services.AddRecurringTaskStore(use, application: "benchmark");
        for (var task = 0; task < tasks; task++)
            builder.Services.AddRecurringTask($"task {task}", (iteration, _) => Step(iteration, failing))
                .Every(every).Spread().AsSingleton();
        _host = builder.Build();
    }

    public long Runs => Interlocked.Read(ref _runs);

    public long Failures => Interlocked.Read(ref _failures);

    public IServiceProvider Services => _host.Services;

    public Task StartAsync() => _host.StartAsync();

    /// <summary>Stops the host, which saves what is left.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private ValueTask Step(Iteration iteration, int failing)
    {
        Lateness.Note(iteration.Slot);
        Interlocked.Increment(ref _runs);
        if (iteration.Number % failing != 0)
            return ValueTask.CompletedTask;
        Interlocked.Increment(ref _failures);
        throw new InvalidOperationException("The price of 'EURUSD' could not be read.");
    }
}
