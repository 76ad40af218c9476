using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>Lives through a drawn year in virtual time, and says what it was asked about in between.</summary>
internal sealed class YearHost : IDisposable
{
    private readonly Year _year;

    public YearHost(Year year)
    {
        _year = year;
        Host = new(
            services =>
            {
                foreach (var plan in year.Tasks.Where(plan => plan.Name != "late"))
                    Configure(services.AddRecurringTask(plan.Name, Step(plan)), plan);
            },
            isClockWatched: false);
        Host.StartHost();
    }

    public LoopHost Host { get; }

    /// <summary>The fencing tokens of iterations, by task and slot.</summary>
    public Dictionary<(string Task, DateTimeOffset Slot), long> Tokens { get; } = [];

    /// <summary>Goes on until an instant.</summary>
    public void RunTo(DateTimeOffset instant)
    {
        var now = Host.Clock.GetUtcNow();
        foreach (var (at, act) in Acts().Where(act => act.At > now && act.At <= instant).OrderBy(act => act.At))
        {
            Host.Advance(at - Host.Clock.GetUtcNow());
            act();
            Host.Settle();
        }
        Host.Advance(instant - Host.Clock.GetUtcNow());
    }

    public void Dispose() => Host.Dispose();

    private IEnumerable<(DateTimeOffset At, Action Act)> Acts()
    {
        foreach (var sleep in _year.Sleeps)
            yield return (sleep.From, () => Host.Sleep(sleep.To - sleep.From));
        foreach (var at in _year.Resumes)
            yield return (at, () => Host["fragile"].Resume());
        var late = _year.Tasks.Single(plan => plan.Name == "late");
        yield return (_year.FirstLife.Added, () => AddLate(late));
        yield return (_year.FirstLife.Removed, () => Host.Tasks.Remove("late"));
        yield return (late.Registered, () => AddLate(late));
        foreach (var act in _year.Tasks.SelectMany(ActsOn))
            yield return act;
    }

    private IEnumerable<(DateTimeOffset At, Action Act)> ActsOn(TaskPlan plan)
    {
        foreach (var (pause, ended) in plan.Pauses)
        {
            yield return (pause.Since, () => _ = Host[plan.Name].PauseAsync(pause.Reason, pause.By, pause.Until));
            if (ended != pause.Until)
                yield return (ended, () => Host[plan.Name].Resume());
        }
        foreach (var (from, to) in plan.Disabled)
        {
            yield return (from, () => _ = Host[plan.Name].ChangeAsync(options => options.Enabled = false));
            yield return (to, () => _ = Host[plan.Name].ChangeAsync(options => options.Enabled = true));
        }
        if (plan.Stopped is var (at, reason))
            yield return (at, () => Host[plan.Name].Stop(reason));
        if (plan.ChangedAt is { } changed)
            yield return (changed, () => _ = Host[plan.Name].ChangeAsync(options => SetSchedule(options, plan.Rule)));
    }

    private void AddLate(TaskPlan plan) =>
        Host.Tasks.Add(plan.Name, task => Configure(task.Step("step", Step(plan)), plan));

    private Func<Iteration, CancellationToken, ValueTask> Step(TaskPlan plan) => async (iteration, token) =>
    {
        var (fails, takes) = _year.Behaviour.Of(plan, iteration.Slot);
        Tokens[(plan.Name, iteration.Slot)] = iteration.FencingToken;
        await Steps.Wait(iteration, takes, token);
        if (fails)
            throw new FormatException($"no number at {iteration.Slot:u}");
    };

    private static void Configure(IRecurringTaskBuilder task, TaskPlan plan)
    {
        task.Configure(options =>
        {
            options.HistoryLength = 10_000;
            SetSchedule(options, plan.FirstRule ?? plan.Rule);
            options.EndAt = plan.EndAt;
            options.Timeout = plan.Timeout;
            options.Failures.PauseAfter = plan.PauseAfter;
            foreach (var away in plan.Away)
                options.Exclusions.Add(away.ToExclusion());
        });
        if (plan.BackOff is { } first)
            task.BackOff(first, first * 8).Configure(options => options.BackOff.Jitter = 0);
        if (plan.Lock is { } name)
            task.WithLock(name, LockHeld.Skip);
    }

    private static void SetSchedule(RecurringTaskOptions options, GridRule rule)
    {
        options.Every = rule.Period > 0 ? TimeSpan.FromMinutes(rule.Period) : null;
        (options.Cron, options.TimeZone) = (rule.Expression, rule.Expression is null ? null : rule.Zone);
        (options.DaylightSaving.Skipped, options.DaylightSaving.Repeated) = (rule.Skipped, rule.Repeated);
    }
}
