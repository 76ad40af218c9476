using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.SafeLoops;

/// <summary>
/// One ordinary task per loop, registered before the host starts. Start-up is all of it:
/// registering, building the host, starting it.
/// </summary>
internal sealed class RegisteredTasks(Load load) : IEngine
{
    private IHost _host = null!;

    public Task StartAsync() => Task.CompletedTask;

    public Task AddAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        for (var loop = 0; loop < load.Loops; loop++)
            NamedTasks.Schedule(builder.Services.AddRecurringTask(NamedTasks.NameOf(loop), NoteLateness.Step), load);
        _host = builder.Build();
        return _host.StartAsync();
    }
}
