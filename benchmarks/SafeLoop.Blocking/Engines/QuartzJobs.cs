using System.Globalization;
using Quartz;

namespace SafeLoop.Blocking.Engines;

/// <summary>Quartz.NET with its in-memory store; a job that is running is not started again.</summary>
internal sealed class QuartzJobs : IEngine
{
    public async Task StartAsync()
    {
        var scheduler = await QuartzSchedulerBuilder.Create(static quartz => quartz.UseInMemoryStore()).BuildScheduler();
        await scheduler.Start();
        for (var n = 0; n < Scene.Blockers; n++)
            await ScheduleAsync<Blocker>(scheduler, string.Create(CultureInfo.InvariantCulture, $"blocker{n}"));
        await ScheduleAsync<Innocent>(scheduler, "innocent");
    }

    private static async Task ScheduleAsync<TJob>(IScheduler scheduler, string name)
        where TJob : IJob
    {
        var trigger = TriggerBuilder.Create()
            .WithIdentity(name)
            .StartNow()
            .WithSimpleSchedule(static schedule => schedule.WithInterval(Scene.Period).RepeatForever())
            .Build();
        await scheduler.ScheduleJob(JobBuilder.Create<TJob>().WithIdentity(name).Build(), trigger);
    }

    [DisallowConcurrentExecution]
    private sealed class Blocker : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            Scene.Block();
            return default;
        }
    }

    [DisallowConcurrentExecution]
    private sealed class Innocent : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            Scene.RunInnocent();
            return default;
        }
    }
}
