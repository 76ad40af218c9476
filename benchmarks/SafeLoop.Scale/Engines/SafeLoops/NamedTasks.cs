using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.SafeLoops;

/// <summary>One ordinary task per loop, added while the host runs.</summary>
internal sealed class NamedTasks(Load load) : IEngine
{
    private IHost _host = null!;
    private IRecurringTasks _tasks = null!;

    public static string NameOf(int loop) => string.Create(CultureInfo.InvariantCulture, $"task{loop}");

    public static void Schedule(IRecurringTaskBuilder task, Load load) =>
        task.Every(load.Period).Spread().StartAfter(load.Before).AsSingleton();

    public Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTasks();
        _host = builder.Build();
        _tasks = _host.Services.GetRequiredService<IRecurringTasks>();
        return _host.StartAsync();
    }

    public Task AddAsync()
    {
        for (var loop = 0; loop < load.Loops; loop++)
            _tasks.Add(NameOf(loop), task => Schedule(task.Step("note", NoteLateness.Step), load));
        return Task.CompletedTask;
    }
}
