using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RecursiveLeak.Measuring;
using SafeLoop;

namespace RecursiveLeak.Forms;

/// <summary>The same work as a recurring task: the loop is the runtime's, and an iteration that has ended is garbage.</summary>
internal sealed class OnSafeLoop : ILeakForm
{
    public string Name => "SafeLoop";

    public async Task RunAsync(int iterations, RetentionMeter meter)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);

        builder.Services.AddRecurringTask("updatingTask", (iteration, ct) => DoSomethingAsync(iteration, meter))
            .Continuously()
            .AsSingleton();

        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IRecurringTasks>()["updatingTask"].Completion;
        await host.StopAsync();
    }

    private static async ValueTask DoSomethingAsync(Iteration iteration, RetentionMeter meter)
    {
        await Task.Yield();
        if (!meter.Iterated())
            iteration.StopLoop("All iterations are done.");
    }
}
