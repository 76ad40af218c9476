using System.Globalization;
using Quartz;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.Peers;

/// <summary>Quartz.NET with its in-memory store: one job and one trigger per loop.</summary>
/// <param name="load">The loops.</param>
/// <param name="batch">How many triggers it fires at a time: 1 is its default in memory; its documentation says that more are
/// faster for triggers that repeat, as these do.</param>
internal sealed class QuartzJobs(Load load, int batch) : IEngine
{
    private IScheduler _scheduler = null!;

    public async Task StartAsync()
    {
        var builder = QuartzSchedulerBuilder.Create(quartz => quartz
            .UseInMemoryStore()
            .ConfigureScheduler(options => options.MaxBatchSize = batch));
        _scheduler = await builder.BuildScheduler();
        await _scheduler.Start();
    }

    public async Task AddAsync()
    {
        for (var loop = 0; loop < load.Loops; loop++)
        {
            var name = loop.ToString(CultureInfo.InvariantCulture);
            var trigger = TriggerBuilder.Create()
                .WithIdentity(name)
                .StartAt(DateTimeOffset.UtcNow + load.FirstSlot(loop))
                .WithSimpleSchedule(schedule => schedule.WithInterval(load.Period).RepeatForever())
                .Build();
            await _scheduler.ScheduleJob(JobBuilder.Create<Job>().WithIdentity(name).Build(), trigger);
        }
    }

    private sealed class Job : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            Lateness.Note(context.ScheduledFireTimeUtc!.Value);
            return default;
        }
    }
}
