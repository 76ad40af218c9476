using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace SafeLoop.Tests.Hosting;

/// <summary>The verbs in the forms users write them: that this compiles is half of the test.</summary>
public class VerbFormTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<string> _ran = [];

    [Fact]
    public void A_task_is_registered_with_any_form_of_step()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("async lambda", async (iteration, ct) => await NoteAsync(iteration)).Every(Second);
            services.AddRecurringTask("async block", async (iteration, ct) =>
            {
                await Task.CompletedTask;
                await NoteAsync(iteration);
            }).Every(Second);
            services.AddRecurringTask("task lambda", (iteration, ct) => NoteAsync(iteration)).Every(Second);
            services.AddRecurringTask("value task lambda", (iteration, ct) => NoteValueAsync(iteration, ct)).Every(Second);
            services.AddRecurringTask("task group", NoteAsync).Every(Second);
            services.AddRecurringTask("value task group", NoteValueAsync).Every(Second);
            services.AddRecurringTask("task of something", (iteration, ct) => NoteAndCountAsync(iteration)).Every(Second);
            services.AddRecurringTask("static group", StaticAsync).Every(Second);
            services.AddRecurringTask("throws", (_, _) => throw new InvalidOperationException("on purpose")).Every(Second);
            services.AddRecurringTask("throws async", async (_, _) =>
            {
                await Task.CompletedTask;
                throw new InvalidOperationException("on purpose");
            }).Every(Second);
            services.AddRecurringTask<NotingTask>().Every(Second);
            services.AddRecurringTask<NotingTask>("second name").Every(Second);
            services.AddSingleton(_ran);
        });

        Assert.Equal(
            ["async block", "async lambda", "notingTask", "second name", "task group", "task lambda", "task of something",
                "value task group", "value task lambda"],
            _ran.Order());
        Assert.Equal(2, host.Records().Count(record => record.Outcome is IterationOutcome.Failed));
        Assert.All(host.Records().Where(record => record.Error is not null),
            record => Assert.Equal("InvalidOperationException: on purpose", record.Error));
    }

    [Fact]
    public void A_step_takes_its_dependencies_in_any_form()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton(_ran);
            services.AddSingleton("text");
            services.AddRecurringTask("task")
                .Step("plain", (iteration, ct) => NoteAsync(iteration))
                .Step("plain group", NoteValueAsync)
                .Step("plain async", async (iteration, ct) => await NoteAsync(iteration))
                .Step<List<string>>("value", (ran, iteration, ct) => { ran.Add("value"); return ValueTask.CompletedTask; })
                .Step<List<string>>("task", (ran, iteration, ct) => { ran.Add("task"); return Task.CompletedTask; })
                .Step<List<string>>("async", async (ran, iteration, ct) => { await Task.CompletedTask; ran.Add("async"); })
                .Step<List<string>, string>("value of two", (ran, text, _, _) =>
                {
                    ran.Add(text);
                    return ValueTask.CompletedTask;
                })
                .Step<List<string>, string>("task of two", (ran, text, _, _) => { ran.Add(text); return Task.CompletedTask; })
                .Step<List<string>, string>("async of two", async (ran, text, _, _) =>
                {
                    await Task.CompletedTask;
                    ran.Add(text);
                })
                .Step<List<string>>("last", (_, _, _) => throw new InvalidOperationException())
                .Step("not reached", (_, _) => throw new InvalidOperationException())
                .Every(Second);
        });

        Assert.Equal(["task", "task", "task", "value", "task", "async", "text", "text", "text"], _ran);
        Assert.Equal(IterationOutcome.Failed, host["task"].Snapshot().LastOutcome);
    }

    [Fact]
    public void Checks_and_handlers_take_any_form()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (_, _) => throw new InvalidOperationException())
            .Every(Second)
            .While(() => true).While(_ => new ValueTask<bool>(true)).While(async ct => { await Task.CompletedTask; return true; })
            .While(IsTrue).While(IsTrueAsync)
            .Until(() => false).Until(_ => new ValueTask<bool>(false)).Until(async ct =>
            {
                await Task.CompletedTask;
                return false;
            }).Until(() => throw new InvalidOperationException())
            .OnFailure(failure => _ran.Add($"statement {failure.ConsecutiveFailures}"))
            .OnFailure(failure => { _ran.Add("block"); })
            .OnFailure(async failure => { await Task.CompletedTask; _ran.Add("async"); })
            .OnFailure(failure => NoteFailureAsync(failure))
            .OnFailure(failure => NoteFailureValueAsync(failure))
            .OnFailure(NoteFailure)
            .OnFailure(NoteFailureAsync)
            .OnFailure(NoteFailureValueAsync)
            .OnFailure(_ => throw new InvalidOperationException()));

        Assert.Equal(["statement 1", "block", "async", "task", "value task", "void", "task", "value task"], _ran);
        Assert.Equal(2, host.Observer.Of(LoopEventKind.Fault).Count); // the Until check and the handler that throw
        Assert.Equal(RecurringTaskState.Waiting, host["task"].State);
    }

    [Fact]
    public void Every_verb_sets_its_options()
    {
        var (start, end, policy, pipeline) = (LoopHost.Start.AddDays(-1), LoopHost.Start.AddDays(1), new EverySecond(),
            ResiliencePipeline.Empty);
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("one", NoteAsync).Every(Second).WithJitter(Second).Spread().StartAfter(Second)
                .StartAt(start).EndAt(end).RunOnStart()
                .OnMissed(MissedSlots.RunAll, Second, 7).OnOverlap(Overlap.BufferAll, 8)
                .OnDaylightSaving(SkippedTime.Shift, RepeatedTime.Last).StopAfter(9)
                .BackOff(Second, Second * 2, 3, 0.5).PauseAfterFailures(10).StopAfterFailures(11).StopHostAfterFailures(12)
                .WithTimeout(Second).WithLock("lock", LockHeld.Stop, Second * 3, Second * 2).DrainFor(Second).AsSingleton()
                .SucceedWithin(Second).PingAfter("https://hc-ping.com/uuid")
                .WithResilience(pipeline).Configure(options => options.HistoryLength = 13);
            services.AddRecurringTask("two", NoteAsync).WithDelay(Second).WithLock("lock", whenHeld: LockHeld.Wait)
                .WithResilience(resilience => resilience.AddTimeout(Second));
            services.AddRecurringTask("three", NoteAsync).Cron("*/5 * * * *", "Europe/Berlin").OnDaylightSaving(SkippedTime.Skip);
            services.AddRecurringTask("four", NoteAsync).Continuously().StopAfter(1).OnMissed(MissedSlots.Skip)
                .OnOverlap(Overlap.Allow).BackOff(Second, Second * 2);
            services.AddRecurringTask("five", NoteAsync).DelayBy(policy).WithResilience("pipeline").WithLock("lock");
            services.AddRecurringTask("six", NoteAsync).Cron("*/5 * * * *").OnDaylightSaving(repeated: RepeatedTime.First);
            services.AddResiliencePipeline("pipeline", builder => builder.AddTimeout(Second));
        });
        host.StartHost();

        var one = host["one"].Options;
        Assert.Equal((Second, Second, true, Second, start, end, true),
            (one.Every, one.Jitter, one.Spread, one.StartAfter, one.StartAt, one.EndAt, one.RunOnStart));
        Assert.Equal((MissedSlots.RunAll, Second, 7, Overlap.BufferAll, 8),
            (one.Missed.Policy, one.Missed.Window, one.Missed.Max, one.Overlap.Policy, one.Overlap.Max));
        Assert.Equal((SkippedTime.Shift, RepeatedTime.Last, 9L),
            (one.DaylightSaving.Skipped, one.DaylightSaving.Repeated, one.StopAfter));
        Assert.Equal((Second, Second * 2, 3d, 0.5),
            (one.BackOff.Initial, one.BackOff.Max, one.BackOff.Factor, one.BackOff.Jitter));
        Assert.Equal((10, 11, 12), (one.Failures.PauseAfter, one.Failures.StopAfter, one.Failures.StopHostAfter));
        Assert.Equal(("lock", LockHeld.Stop, Second * 3, Second * 2),
            (one.Lock.Name, one.Lock.WhenHeld, one.Lock.AtMostFor, one.Lock.AtLeastFor));
        Assert.Equal((Second, Second, true, Second, 13),
            (one.Timeout, one.DrainFor, one.Singleton, one.SucceedWithin, one.HistoryLength));
        Assert.Equal("https://hc-ping.com/uuid", one.PingAfter);
        Assert.Same(pipeline, one.ResiliencePipeline);

        Assert.Equal((Second, LockHeld.Wait), (host["two"].Options.Delay, host["two"].Options.Lock.WhenHeld));
        Assert.NotNull(host["two"].Options.ConfigureResilience);
        Assert.Equal(("*/5 * * * *", "Europe/Berlin", SkippedTime.Skip),
            (host["three"].Options.Cron, host["three"].Options.TimeZone, host["three"].Options.DaylightSaving.Skipped));
        Assert.Equal((SkippedTime.RunAfter, RepeatedTime.First),
            (host["six"].Options.DaylightSaving.Skipped, host["six"].Options.DaylightSaving.Repeated));
        Assert.Equal((true, MissedSlots.Skip, Overlap.Allow),
            (host["four"].Options.Continuously, host["four"].Options.Missed.Policy, host["four"].Options.Overlap.Policy));
        Assert.Equal((policy, "pipeline", LockHeld.Skip),
            (host["five"].Options.DelayPolicy, host["five"].Options.Resilience, host["five"].Options.Lock.WhenHeld));
    }

    private static Task StaticAsync(Iteration iteration, CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsTrue() => true;

    private static ValueTask<bool> IsTrueAsync(CancellationToken cancellationToken) => new(true);

    private Task NoteAsync(Iteration iteration, CancellationToken cancellationToken = default)
    {
        _ran.Add(iteration.TaskName);
        return Task.CompletedTask;
    }

    private ValueTask NoteValueAsync(Iteration iteration, CancellationToken cancellationToken) =>
        new(NoteAsync(iteration, cancellationToken));

    private Task<int> NoteAndCountAsync(Iteration iteration)
    {
        _ran.Add(iteration.TaskName);
        return Task.FromResult(_ran.Count);
    }

    private void NoteFailure(RecurringTaskFailure failure) => _ran.Add("void");

    private Task NoteFailureAsync(RecurringTaskFailure failure)
    {
        _ran.Add("task");
        return Task.CompletedTask;
    }

    private ValueTask NoteFailureValueAsync(RecurringTaskFailure failure)
    {
        _ran.Add("value task");
        return ValueTask.CompletedTask;
    }

    private sealed class NotingTask(List<string> ran) : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken)
        {
            ran.Add(iteration.TaskName);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class EverySecond : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now) => (history.LastSlot ?? now) + Second;
    }
}
