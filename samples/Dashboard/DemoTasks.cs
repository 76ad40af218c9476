using SafeLoop;

namespace DashboardSample;

/// <summary>Tasks that behave in every way.</summary>
internal static class DemoTasks
{
    public const int Devices = 10_000;

    private const string Berlin = "Europe/Berlin";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static void Add(IServiceCollection services)
    {
        AddSound(services);
        AddFailing(services);
        AddSkipped(services);
        AddEnded(services);
        services.AddRecurringTask<PollDevice, int>("poll devices").Every(TimeSpan.FromMinutes(1)).Spread();
    }

    /// <summary>Adds the keys, and does at the first start what a person would do.</summary>
    public static async Task BeginAsync(IServiceProvider services, bool isNew)
    {
        var keys = services.GetRequiredService<IRecurringTaskKeys<PollDevice, int>>();
        for (var device = 1; device <= Devices; device++)
            keys.TryAdd(device);
        if (isNew)
            await services.GetRequiredService<IRecurringTasks>()["newsletter"].PauseAsync("Wait for the new template.", "ann");
    }

    // The cron expressions are in Berlin's time, so that the calendar shows changes of clocks.
    private static void AddSound(IServiceCollection services)
    {
        services.AddRecurringTask("import prices", Work.For(0.6)).Every(Second * 5).SucceedWithin(TimeSpan.FromMinutes(1));
        services.AddRecurringTask("bill customers", Work.For(0.3)).Cron("*/30 * * * * *", Berlin)
            .SurviveRestarts(window: TimeSpan.FromHours(1)).OnMissed(MissedSlots.RunAll, max: 10); // catches up after a restart
        services.AddRecurringTask("nightly report", Work.For(2)).Cron("30 2 * * *", Berlin)
            .OnDaylightSaving(SkippedTime.Shift).SurviveRestarts(window: TimeSpan.FromHours(6)).RunOnStart();
    }

    private static void AddFailing(IServiceCollection services)
    {
        services.AddRecurringTask("send invoices", Work.FailingAt(4, "The mail server answered: 451 try again later."))
            .Every(Second * 10);
        services.AddRecurringTask("sync orders", Work.FailingAt(1, "Connection refused (orders.internal:5432)"))
            .Every(Second * 5).BackOff(Second * 5, TimeSpan.FromMinutes(1)).SucceedWithin(TimeSpan.FromMinutes(2));
        services.AddRecurringTask("call partner", Work.SlowAt(3, seconds: 30)).Every(Second * 15).WithTimeout(Second * 2);
        services.AddRecurringTask("crawl catalog", Work.StuckAt(2)).Every(Second * 10).WithTimeout(Second * 2)
            .Configure(options => options.StuckAfter = Second * 2);
    }

    private static void AddSkipped(IServiceCollection services)
    {
        services.AddRecurringTask("rebuild index", Work.For(6)).Every(Second * 10).WithLock("index");
        services.AddRecurringTask("optimize index", Work.For(0.2)).Every(Second * 3).WithLock("index");
        services.AddRecurringTask("resize images", Work.For(8)).Every(Second * 3);
        services.AddRecurringTask("newsletter", Work.For(0.5)).Every(Second * 20);
        services.AddRecurringTask("close books", Work.For(0.5)).Cron("0 * * * * *", Berlin)
            .Except(Exclusion.Weekdays(DayOfWeek.Saturday, DayOfWeek.Sunday)).Except(Exclusion.Times(new(18, 0), new(8, 0)));
    }

    private static void AddEnded(IServiceCollection services)
    {
        services.AddRecurringTask("migrate data", Work.For(1)).Every(Second * 2).StopAfter(3);
        services.AddRecurringTask("old import", Work.FailingAt(1, "The table 'legacy' does not exist.")).Every(Second * 5)
            .StopAfterFailures(3);
        services.AddRecurringTask("trial report", Work.For(1)).Every(Second * 10).Configure(options => options.Enabled = false);
    }
}
