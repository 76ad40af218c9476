using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop;

namespace Nemesis.Working;

/// <summary>A replica: all tasks, on the real runtime and the real locks, until it is asked to stop or is killed.</summary>
internal static class Worker
{
    /// <param name="args">
    /// Store, its port, the judge's port, the worker's name, its clock's shift in milliseconds, what is broken.
    /// </param>
    public static async Task RunAsync(string[] args)
    {
        ThreadPool.SetMinThreads(16, 16);
        var time = new ShiftedTime(TimeSpan.FromMilliseconds(double.Parse(args[4], CultureInfo.InvariantCulture)));
        using var judge = new JudgeClient(Number(args[2]), args[3], time);

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(2));
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<IRecurringTaskObserver>(new OutcomeObserver(judge));
        Store.Add(builder.Services, args[0], Number(args[1]));
        if (args[5] == nameof(Broken.Renewal))
            Unrenew(builder.Services);
        for (var number = 0; number < Plan.Tasks; number++)
            AddTask(builder.Services, number, judge, time);
        await builder.Build().RunAsync();
    }

    private static void AddTask(IServiceCollection services, int number, JudgeClient judge, ShiftedTime time)
    {
        var task = services.AddRecurringTask(Plan.NameOf(number), async (iteration, token) =>
            {
                await Task.Delay(
                    Plan.WorkOf(number, iteration.FencingToken), time, Plan.IsObstinate(number) ? CancellationToken.None : token);
                await judge.WriteAsync(iteration.TaskName, iteration.Slot, iteration.FencingToken);
            })
            .WithLock(Plan.NameOf(number), atMostFor: Plan.Lease, atLeastFor: Plan.AtLeast)
            .RequireFencing();
        if (Plan.IsCron(Plan.NameOf(number)))
            task.Cron(Plan.Cron(number));
        else
            task.Every(Plan.Period).Spread();
    }

    private static void Unrenew(IServiceCollection services)
    {
        var locks = services.Last(service => service.ServiceType == typeof(ILoopLockProvider));
        services.Remove(locks);
        services.AddSingleton<ILoopLockProvider>(provider =>
            new UnrenewedLocks((ILoopLockProvider)locks.ImplementationFactory!(provider)));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
