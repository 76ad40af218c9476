using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class TimerTests
{
    [Fact]
    public void A_timer_that_fires_early_never_runs_a_step_early_nor_twice()
    {
        var early = new List<TimeSpan>();
        using var host = new LoopHost(services =>
        {
            Func<Iteration, CancellationToken, ValueTask> step = (iteration, _) =>
            {
                early.Add(iteration.Slot - iteration.Services.GetRequiredService<TimeProvider>().GetUtcNow());
                return default;
            };
            services.AddRecurringTask("Every", step).Every(10.Seconds);
            services.AddRecurringTask("WithDelay", step).WithDelay(10.Seconds);
            services.AddRecurringTask("Cron", step).Cron("*/10 * * * * *");
            services.AddRecurringTask("StartAfter", step).Every(10.Seconds).StartAfter(5.Seconds);
        });
        host.Clock.FiresEarly = true;
        host.StartHost();

        host.Advance(99.Seconds);

        Assert.Equal([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], Seconds(host, "Every"));
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], Seconds(host, "Cron"));
        Assert.Equal([5, 15, 25, 35, 45, 55, 65, 75, 85, 95], Seconds(host, "StartAfter"));
        Assert.Equal(10, host.Records("WithDelay").Count);
        Assert.All(early, span => Assert.InRange(span, -TimeSpan.FromMilliseconds(1), TimeSpan.Zero));
    }

    private static IEnumerable<double> Seconds(LoopHost host, string task) =>
        host.Records(task).Select(record => (record.Slot - LoopHost.Start).TotalSeconds);

    [Fact]
    public void Waits_beyond_49_days_end_at_their_time()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("Every", Steps.None).Every(100.Days);
            services.AddRecurringTask("WithDelay", Steps.None).WithDelay(500.Days);
            services.AddRecurringTask("NextIn", (iteration, _) =>
            {
                iteration.NextIn(50.Days);
                return default(ValueTask);
            }).Every(1.Seconds);
        });

        host.Advance(1000.Days);

        Assert.Equal(Enumerable.Range(0, 11).Select(n => LoopHost.Start + (n * 100).Days),
            host.Records("Every").Select(record => record.Started));
        Assert.Equal(Enumerable.Range(0, 3).Select(n => LoopHost.Start + (n * 500).Days),
            host.Records("WithDelay").Select(record => record.Started));
        Assert.Equal(Enumerable.Range(0, 21).Select(n => LoopHost.Start + (n * 50).Days),
            host.Records("NextIn").Select(record => record.Started));
    }

    [Fact]
    public void A_yearly_cron_task_runs_at_new_year()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 0 1 1 *"));

        for (var year = 2027; year <= 2031; year++)
        {
            var newYear = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
            while (newYear - host.Clock.GetUtcNow() > 2.Days)
                host.Sleep(1.Days); // which is shorter to compute than being awake
            host.Sleep(newYear - host.Clock.GetUtcNow() - 1.Seconds);
            Assert.Equal(year - 2027, host.Records().Count);

            host.Advance(2.Seconds);

            Assert.Equal(newYear, host.Records()[^1].Started);
        }
    }
}
