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
                services.AddSingleton(new Device.Script((key, iteration, token) => RunAsync(Key(key), iteration, token)));
                services.AddRecurringTask<Device, string>("device")
                    .Cron(key => Key(key).Rule.Expression!, key => Key(key).Rule.Zone)
                    .OnDaylightSaving(SkippedTime.Shift, RepeatedTime.Both)
                    .Configure(options => options.HistoryLength = 10_000);
            },
            isClockWatched: false);
        foreach (var plan in year.Keys.Where(plan => plan.Name != "added"))
            Keys.TryAdd(plan.Name);
        Host.StartHost();
        foreach (var plan in year.Keys.Where(plan => plan.Pinned == LoopHost.Start))
            Pin(plan);
    }

    public LoopHost Host { get; }

    /// <summary>The fencing tokens of iterations, by task and slot.</summary>
    public Dictionary<(string Task, DateTimeOffset Slot), long> Tokens { get; } = [];

    private IRecurringTaskKeys<Device, string> Keys => Host.Services.GetRequiredService<IRecurringTaskKeys<Device, string>>();

    /// <summary>Whether the task or the key is there now.</summary>
    public bool IsThere(TaskPlan plan) =>
        plan.IsKey ? Keys.Contains(plan.Name) : Host.Tasks.Find(plan.Name) is not null;

    public SlotExplanation Explain(TaskPlan plan, DateTimeOffset instant) =>
        plan.IsKey ? Host.Explain("device", instant, plan.Name) : Host.Explain(plan.Name, instant);

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
        foreach (var act in _year.Tasks.SelectMany(plan => ActsOn(plan, () => Host[plan.Name])))
            yield return act;
        var added = Key("added");
        yield return (_year.FirstLifeOfKey.Added, () => Keys.TryAdd("added"));
        yield return (_year.FirstLifeOfKey.Removed, () => Keys.TryRemove("added"));
        yield return (added.Registered, () => Keys.TryAdd("added"));
        foreach (var plan in _year.Keys.Where(plan => plan.Pinned > LoopHost.Start))
            yield return (plan.Pinned!.Value, () => Pin(plan));
        var ofAll = Key("plain").Pauses; // it has no other
        var all = new TaskPlan { Name = "device", Rule = added.Rule };
        all.Pauses.AddRange(ofAll);
        foreach (var act in ActsOn(all, () => Host["device"]))
            yield return act;
        foreach (var plan in _year.Keys)
        {
            var own = new TaskPlan { Name = plan.Name, Rule = plan.Rule };
            own.Pauses.AddRange(plan.Pauses.Except(ofAll));
            foreach (var act in ActsOn(own, () => Keys.Find(plan.Name)!))
                yield return act;
        }
    }

    private TaskPlan Key(string name) => _year.Keys.Single(plan => plan.Name == name);

    private void Pin(TaskPlan plan) => _ = Keys.Find(plan.Name)!.Completion;

    private IEnumerable<(DateTimeOffset At, Action Act)> ActsOn(TaskPlan plan, Func<RecurringTaskHandle> handle)
    {
        foreach (var (pause, ended) in plan.Pauses)
        {
            yield return (pause.Since, () => _ = handle().PauseAsync(pause.Reason, pause.By, pause.Until));
            if (ended != pause.Until)
                yield return (ended, () => handle().Resume());
        }
        foreach (var (from, to) in plan.Disabled)
        {
            yield return (from, () => _ = Host[plan.Name].ChangeAsync(options => options.Enabled = false));
            yield return (to, () => _ = Host[plan.Name].ChangeAsync(options => options.Enabled = true));
        }
        foreach (var cancel in plan.Cancels)
            yield return (cancel, () => Host[plan.Name].CancelRunning());
        if (plan.Stopped is var (at, reason))
            yield return (at, () => Host[plan.Name].Stop(reason));
        if (plan.ChangedAt is { } changed)
            yield return (changed, () => _ = Host[plan.Name].ChangeAsync(options => SetSchedule(options, plan.Rule)));
    }

    private void AddLate(TaskPlan plan) =>
        Host.Tasks.Add(plan.Name, task => Configure(task.Step("step", Step(plan)), plan));

    private Func<Iteration, CancellationToken, ValueTask> Step(TaskPlan plan) =>
        (iteration, token) => RunAsync(plan, iteration, token);

    private async ValueTask RunAsync(TaskPlan plan, Iteration iteration, CancellationToken token)
    {
        var (fails, takes) = _year.Behaviour.Of(plan, iteration.Slot);
        Tokens[(plan.Name, iteration.Slot)] = iteration.FencingToken;
        if (_year.Behaviour.Chooses(plan, iteration.Slot) is { } choice)
            iteration.NextIn(choice);
        await Steps.Wait(iteration, takes, token);
        if (fails)
            throw new FormatException($"no number at {iteration.Slot:u}");
        if (iteration.Slot >= plan.Done)
            iteration.StopLoop("all is done");
    }

    private void Configure(IRecurringTaskBuilder task, TaskPlan plan)
    {
        task.Configure(options =>
        {
            options.HistoryLength = 10_000;
            SetSchedule(options, plan.FirstRule ?? plan.Rule);
            options.Delay = plan.Delay;
            options.Overlap.Policy = plan.Overlap;
            options.Overlap.Max = plan.MostOverlapping;
            options.EndAt = plan.EndAt;
            options.Timeout = plan.Timeout;
            options.Failures.PauseAfter = plan.PauseAfter;
            foreach (var away in plan.Away)
                options.Exclusions.Add(away.ToExclusion());
        });
        if (plan.BackOff is { } first)
            task.BackOff(first, first * 8).Configure(options => options.BackOff.Jitter = 0);
        if (plan.WhileBefore is { } end)
            task.While(() => Host.Clock.GetUtcNow() < end);
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
