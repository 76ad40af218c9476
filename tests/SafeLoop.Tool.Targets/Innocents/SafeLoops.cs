using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop;

namespace Targets.Innocents;

/// <summary>As many recurring tasks as asked for, each of which has run once.</summary>
internal sealed class SafeLoops : ITarget
{
    public async Task RunAsync(Work work)
    {
        var left = work.Count;
        var all = new TaskCompletionSource();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRecurringTask("first", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromHours(1));
        using var host = builder.Build();
        await host.StartAsync();

        var tasks = host.Services.GetRequiredService<IRecurringTasks>();
        for (var i = 0; i < work.Count; i++)
            tasks.Add("loop" + i, added => added.Step("poll", PollAsync).Every(TimeSpan.FromHours(1)).AsSingleton());
        await all.Task;
        Work.Ready();
        await new TaskCompletionSource().Task;

        async ValueTask PollAsync(Iteration iteration, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (Interlocked.Decrement(ref left) == 0)
                all.SetResult();
        }
    }
}
