using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Retry;

namespace SafeLoop.Tests.UserCode;

/// <summary>User code that the verbs of a task take: steps, checks, handlers, policies, pipelines, callbacks on tokens.</summary>
internal static class TaskPoints
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static readonly Dictionary<string, Point> All = new()
    {
        ["a step"] = new() { Step = (scene, _, _) => Then(scene.Act, default(ValueTask)) },
        ["a While check"] = new() { Task = (task, scene) => Every(task).While(() => Then(scene.Act, true)) },
        ["an Until check"] = new() { Task = (task, scene) => Every(task).Until(() => Then(scene.Act, false)) },
        ["a failure handler"] = new() { Step = Fail, Task = (task, scene) => Every(task).OnFailure(_ => scene.Act()) },
        ["a delay policy"] = new()
        {
            RunsAtStart = false,
            Task = (task, scene) => task.DelayBy(new ScriptedPolicy((_, now) => Then(scene.Act, now + (Second * 1000)))),
        },
        ["an exclusion"] = new()
        {
            Task = (task, scene) => Every(task).Except(Exclusion.Dates(_ => Then(scene.Act, false))),
            Provoke = scene => scene.Host.Advance(TimeSpan.FromDays(1.1)), // it is asked once a day
        },
        ["the message of an exception"] = new() { Step = (scene, _, _) => throw new Hostility(scene.Act) },
        ["the configuration of a pipeline"] = new()
        {
            Task = (task, scene) => Every(task).WithResilience(_ => scene.Act()),
            Provoke = scene => scene.FindHandle()?.ChangeAsync(static options => options.HistoryLength = 20),
        },
        ["a retry"] = new()
        {
            Step = Fail,
            Task = (task, scene) => Every(task).WithResilience(pipeline => Retry(pipeline, scene.Act)),
        },
        ["the options of a task that is added"] = new()
        {
            Provoke = scene => scene.Host.Tasks.Add("other", task =>
            {
                scene.Act();
                Every(task.Step("step", Steps.None));
            }),
        },
        ["the options of a change"] = new() { Provoke = scene => scene.Handle.ChangeAsync(_ => scene.Act()) },
        ["options that are read again"] = new()
        {
            Task = (task, scene) => ActAtReload(task, scene),
            Provoke = static scene => scene.ReloadChanged(),
        },

        // Callbacks on the token of a step, by what cancels it.
        ["the token at the time limit"] = OnToken(
            scene => scene.Host.Advance(Second * 5), task => task.WithTimeout(Second * 5)),
        ["the token at the stop"] = OnToken(scene => scene.Handle.Stop()),
        ["the token at the removal"] = OnToken(scene => scene.Remove()),
        ["the token at the stop of the host"] = OnToken(scene => scene.Host.StopHost()),
        ["the token when another run replaces it"] = OnToken(
            scene => scene.Handle.RunNowAsync(), task => task.OnOverlap(Overlap.CancelRunning)),
        ["the token of a run that is cancelled"] = new()
        {
            Step = (scene, iteration, token) => iteration.IsManual ? UntilCancelled(scene, token, scene.Act) : default,
            Provoke = scene =>
            {
                using var cancellation = new CancellationTokenSource();
                scene.WaitForFirst();
                _ = scene.Handle.RunNowAsync(cancellation.Token);
                ThreadedLoopHost.Wait(scene.Started);
                cancellation.Cancel();
            },
        },
        ["the token of a check at the stop"] = new()
        {
            Task = (task, scene) => Every(task).Until(async token =>
            {
                if (scene.IsArmed)
                    await UntilCancelled(scene, token, scene.Act);
                return false;
            }),
            Provoke = scene =>
            {
                scene.RunAgain();
                ThreadedLoopHost.Wait(scene.Started);
                scene.Handle.Stop();
            },
        },

        // What goes on when SafeLoop completes a task.
        ["what awaits a run"] = new() { Provoke = scene => Await(scene.Handle.RunNowAsync(), scene) },
        ["what awaits a change"] = new()
        {
            Provoke = scene => Await(scene.Handle.ChangeAsync(static options => options.HistoryLength = 20), scene),
        },
        ["what awaits the end"] = new()
        {
            Provoke = scene =>
            {
                Await(scene.Handle.Completion, scene);
                scene.Handle.Stop();
            },
        },
    };

    public static IRecurringTaskBuilder Every(IRecurringTaskBuilder task) => task.Every(Second * 1000);

    public static T Then<T>(Action act, T value)
    {
        act();
        return value;
    }

    public static ValueTask Fail(Scene scene, Iteration iteration, CancellationToken token) =>
        throw new IOException("on purpose");

    /// <summary>Waits for its token.</summary>
    /// <param name="scene">Has started when this returns.</param>
    /// <param name="token">The token.</param>
    /// <param name="callback">Called by the cancellation while the iteration still runs; null: none.</param>
    public static ValueTask UntilCancelled(Scene scene, CancellationToken token, Action? callback = null)
    {
        var end = Cancelled.By(token);
        if (callback is not null)
            token.Register(callback); // the last that is registered is the first that is called
        scene.Started.Set();
        return end;
    }

    private static Point OnToken(Action<Scene> cancel, Action<IRecurringTaskBuilder>? configure = null) => new()
    {
        Step = (scene, _, token) => UntilCancelled(scene, token, scene.Act),
        Task = (task, _) =>
        {
            Every(task);
            configure?.Invoke(task);
        },
        Provoke = scene =>
        {
            scene.RunAgain();
            ThreadedLoopHost.Wait(scene.Started);
            cancel(scene);
        },
    };

    // A reload reads the options of a keyed task first, and those of a handle afterwards.
    private static void ActAtReload(IRecurringTaskBuilder task, Scene scene)
    {
        var reads = scene.IsPinned ? 2 : 1;
        Every(task).Configure(_ =>
        {
            if (scene.Started.IsSet && Interlocked.Decrement(ref reads) == 0)
                scene.Act();
        });
    }

    private static void Retry(ResiliencePipelineBuilder pipeline, Action act) => pipeline.AddRetry(new RetryStrategyOptions
    {
        MaxRetryAttempts = 1,
        Delay = TimeSpan.Zero,
        OnRetry = _ => Then(act, default(ValueTask)),
    });

    private static void Await(Task task, Scene scene) => task.ContinueWith(
        _ => scene.Act(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private sealed class Hostility(Action act) : Exception
    {
        public override string Message => Then(act, "on purpose");
    }
}
