using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Aot;

/// <summary>
/// Tasks without keys: a class, steps with services, cron, a lock, settings from the configuration, snapshots, health.
/// </summary>
internal sealed class VerbTrial : ITrial
{
    public static readonly Dictionary<string, string?> Settings = new()
    {
        ["RecurringTasks:refresh:Every"] = "00:30:00",
        ["RecurringTasks:refresh:Overlap"] = "BufferOne",
        ["RecurringTasks:nightly:Cron"] = "0 3 * * *",
        ["RecurringTasks:nightly:TimeZone"] = "UTC",
    };

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<Signal>();
        services.AddRecurringTask<Refresh>().WithLock("refresh").WithTimeout(TimeSpan.FromMinutes(1));
        services.AddRecurringTask("steps")
            .Step<Signal>("read", (_, _, _) => ValueTask.CompletedTask)
            .Step<Signal>("save", (_, _, _) => ValueTask.CompletedTask)
            .Every(TimeSpan.FromHours(1));
        services.AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask);
        services.AddRecurringTask("failing", (_, _) => throw new FormatException("on purpose")).Every(TimeSpan.FromHours(1))
            .StopAfterFailures(1);
        services.Configure<RecurringTaskOptions>("steps", options => options.HistoryLength = 7); // beside the verbs
        services.AddHealthChecks().AddRecurringTasks();
    }

    public async Task<string> RunAsync(IServiceProvider services)
    {
        await services.GetRequiredService<Signal>().IsSet;
        var tasks = services.GetRequiredService<IRecurringTasks>();
        var refresh = tasks["refresh"];
        var byHand = await refresh.RunNowAsync();
        var steps = await tasks["steps"].RunNowAsync();
        var added = await tasks
            .Add("added", task => task.Step("run", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromHours(1))).RunNowAsync();
        await refresh.ChangeAsync(options => options.Every = TimeSpan.FromMinutes(10));
        var next = tasks["nightly"].UpcomingSlots(1)[0].Slot;
        var end = await tasks["failing"].Completion;
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return $"verbs: refresh {refresh.Options.Every} {refresh.Options.Overlap.Policy} {byHand.Outcome}, "
            + $"steps {steps.Outcome} with a history of {tasks["steps"].Options.HistoryLength}, added {added.Outcome}, "
            + $"nightly at {next:HH:mm}, failing ended by {end} with {tasks["failing"].Snapshot().LastException?.Message}, "
            + $"health {report.Status}";
    }

    internal sealed class Refresh(Signal signal) : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => signal.SetAsync();
    }
}
