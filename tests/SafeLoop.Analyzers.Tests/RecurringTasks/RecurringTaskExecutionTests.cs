using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.RecurringTasks;

/// <summary>The recurring task, run by a host, beside the method it was made from: the same effects in the same order.</summary>
public sealed class RecurringTaskExecutionTests
{
    [Theory]
    [InlineData("async Task Poll() { if (App.IsOver()) return; try { await Work(); } "
        + "catch (Exception e) { App.Log(e.Message); } await Task.Delay(1); await Poll(); }")]
    [InlineData("async Task Poll() { if (App.IsOver()) return; try { await Work(); } "
        + "catch (Exception e) { App.Log(e.Message); } await Task.Delay(1); _ = Poll(); }")]
    [InlineData("async void Poll() { if (App.IsOver()) return; try { await Work(); } "
        + "catch (Exception e) { App.Log(e.Message); } await Task.Delay(1); Poll(); }")]
    [InlineData("async Task Poll() { if (IsOver()) return; App.Log(++works); await Task.Delay(1); await Poll(); } "
        + "bool IsOver() => App.IsOver() && works > 0;")]
    [InlineData("async Task Poll() { if (IsOver()) return; await Task.Delay(1); "
        + "App.Log(++works); if (works < 4) App.Log(\"more\"); await Poll(); } bool IsOver() => App.IsOver() && works > 0;")]
    [InlineData("async Task Poll() { if (App.IsOver()) return; "
        + "using (new Scope(++works)) { await Task.Yield(); App.Log(works); } await Task.Delay(1); await Poll(); } "
        + "class Scope(int number) : IDisposable { public void Dispose() => App.Log(\"dispose \" + number); }")]
    [InlineData("async Task Poll() { if (App.IsOver()) return; "
        + "var seen = ++works; App.Later.Add(() => App.Log(seen)); await Task.Yield(); await Task.Delay(1); await Poll(); }")]
    [InlineData("async Task Poll() { if (App.IsOver()) return; "
        + "foreach (var n in new[] { 1, 2, 3 }) { if (n == 2) continue; App.Log(n); } "
        + "await Task.Delay(TimeSpan.FromMilliseconds(1)); await Poll(); }")]
    public async Task A_recurring_task_behaves_like_the_calls(string members)
    {
        var (before, after) = await RunBothAsync(members);

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task An_exception_does_not_end_it_as_the_title_says()
    {
        var (before, after) = await RunBothAsync(
            "async Task Poll() { if (App.IsOver()) return; await Work(); await Task.Delay(1); await Poll(); }");

        Assert.Equal("round 1,work 1", before);
        Assert.Equal("round 1,work 1,round 2,work 2,round 3,work 3,round 4,worked,round 5", after);
    }

    [Fact]
    public async Task The_condition_is_looked_at_after_the_delay_as_the_title_says()
    {
        var (before, after) = await RunBothAsync(
            "async Task Poll() { if (App.IsOver()) return; await Task.Delay(App.Pause()); App.Log(\"work\"); await Poll(); }");

        Assert.StartsWith("round 1,pause,work,round 2", before, StringComparison.Ordinal);
        // The pauses are asked where the task is registered.
        Assert.StartsWith("pause,pause,round 1,work,round 2", after, StringComparison.Ordinal);
    }

    private static async Task<(string Before, string After)> RunBothAsync(string members)
    {
        var before = Source(members);
        var after = await Fixer.ApplyAsync(before, new RecurringTaskCodeFixProvider(), Platform.SafeLoop);
        Assert.Contains("builder.Services.AddRecurringTask<Poller>()", after, StringComparison.Ordinal);
        return (await Execution.TraceOfAsync(before, Platform.SafeLoop), await Execution.TraceOfAsync(after, Platform.SafeLoop));
    }

    /// <summary>
    /// An application whose poller fails its first three works and is over after five rounds; without a runner,
    /// also when a work fails that nobody handles.
    /// </summary>
    private static string Source(string members) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        public static class Job
        {
            public static async Task<string> RunAsync()
            {
                var builder = Host.CreateEmptyApplicationBuilder(null);
                using var host = builder.Build();
                new Poller().Start();
                await host.StartAsync();
                var tasks = host.Services.GetService<SafeLoop.IRecurringTasks>();
                await (tasks is null ? App.Over.Task : tasks.All.Single().Completion);
                await host.StopAsync();
                foreach (var action in App.Later) action();
                return string.Join(",", App.Trace);
            }
        }

        static class App
        {
            public static readonly List<string> Trace = new List<string>();
            public static readonly List<Action> Later = new List<Action>();
            public static readonly TaskCompletionSource Over =
                new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            static int round;

            public static void Log(object what) { lock (Trace) Trace.Add(what.ToString()); }
            // Counted two calls deep: a limit one call deep would make it a retry.
            public static bool IsOver() { Log("round " + Next()); if (!IsLast) return false; Over.TrySetResult(); return true; }
            static int Next() => ++round;
            static bool IsLast => round >= 5;
            public static int Pause() { Log("pause"); return 1; }
        }

        class Poller
        {
            int works;

            public void Start()
            {
                {{(members.Contains("async void Poll", StringComparison.Ordinal) ? "Poll();" : "_ = Poll();")}}
            }

            async Task Work()
            {
                await Task.Yield();
                var failure = ++works < 4 ? "work " + works : null;
                App.Log(failure ?? "worked");
                if (failure == null) return;
                if ({{(members.Contains("try", StringComparison.Ordinal) ? "false" : "true")}}) App.Over.TrySetResult();
                throw new Exception("caught " + failure);
            }

            {{members}}
        }
        """;
}
