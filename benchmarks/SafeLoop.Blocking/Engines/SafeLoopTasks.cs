using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Blocking.Engines;

/// <summary>Recurring tasks, with or without a thread of their own for those that block.</summary>
internal sealed class SafeLoopTasks(bool onDedicatedThread) : IEngine
{
    private IHost? _host;

    public Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        for (var n = 0; n < Scene.Blockers; n++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"blocker{n}");
            var blocker = builder.Services.AddRecurringTask(name, static (_, _) =>
            {
                Scene.Block();
                return ValueTask.CompletedTask;
            }).Every(Scene.Period);
            if (onDedicatedThread)
                blocker.OnDedicatedThread();
        }
        builder.Services.AddRecurringTask("innocent", static (_, _) =>
        {
            Scene.RunInnocent();
            return ValueTask.CompletedTask;
        }).Every(Scene.Period);
        _host = builder.Build();
        return _host.StartAsync();
    }
}
