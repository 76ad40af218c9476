using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Loops;

/// <summary>
/// A start and a loop, run beside the method they were made from: the same effects in the same
/// order, the same exception in the same place.
/// </summary>
public sealed class StartAndLoopExecutionTests
{
    [Theory]
    [InlineData("async Task Poll(int n) { if (IsOver()) return; try { await Work(); } "
        + "catch (Exception e) { Log(e.Message); } _ = Poll(n); }")]
    [InlineData("async Task Poll(int n) { if (IsOver()) return; try { await Work(); } "
        + "catch (Exception e) { Log(e.Message); } Poll(n); }")]
    [InlineData("async Task Poll(int n) { await Task.Yield(); if (IsOver()) return; Log(++n); _ = Poll(n); }")]
    [InlineData("async Task Poll(int n) { if (IsOver()) return; using (new Scope(this, round)) { await Task.Yield(); Log(n); } "
        + "_ = Poll(n); }")]
    [InlineData("async Task Poll(int n) { if (IsOver()) return; try { await Work(); Log(n); } "
        + "catch (Exception e) when (works < 3) { Log(e.Message); } "
        + "catch { Log(\"last\"); } finally { Log(\"finally\"); } _ = Poll(n); }")]
    [InlineData("async Task Poll(int n) { if (IsOver()) return; "
        + "var seen = round; later.Add(() => Log(seen)); await Task.Yield(); _ = Poll(n); }")]
    [InlineData("async Task Poll(int n) { if (IsOver()) return; "
        + "flowing.Value += round; await Task.Yield(); Log(flowing.Value); _ = Poll(n); }")]
    [InlineData("async void Poll(int n) { if (IsOver()) return; try { await Work(); } "
        + "catch (Exception e) { Log(e.Message); } Poll(n); }")]
    [InlineData("async void Poll(int n) { if (IsOver()) return; await Task.Yield(); "
        + "Log(SynchronizationContext.Current is Context); "
        + "if (round == 3) throw new InvalidOperationException(\"void\"); Poll(n); }")]
    public async Task A_loop_behaves_like_the_restarts(string members)
    {
        var (before, after) = await RunBothAsync("Task Run() { Poll(7); return over.Task; }" + members);

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Callers_no_longer_wait_for_the_first_iteration_as_the_title_says()
    {
        var before = await Execution.TraceOfAsync(Job(Members("Task.Yield()")));
        var loop = await Fixer.ApplyAsync(Job(Members("goesOn.Task")), new StartAndLoopCodeFixProvider());

        Assert.StartsWith("round 1,worked,round 2,caller goes on", before, StringComparison.Ordinal);
        Assert.StartsWith("round 1,caller goes on,worked,round 2", await Execution.TraceOfAsync(loop), StringComparison.Ordinal);

        // The work of the loop waits for its caller: beside each other, either may be first.
        static string Members(string wait) => $$"""
            readonly TaskCompletionSource goesOn = new();
            async Task Run() { await Poll(); Log("caller goes on"); goesOn.SetResult(); await over.Task; }
            async Task Poll() { if (IsOver()) return; await {{wait}}; Log("worked"); _ = Poll(); }
            """;
    }

    [Fact]
    public async Task An_exception_of_the_first_iteration_is_kept_in_the_field()
    {
        var (before, after) = await RunBothAsync("""
            async Task Run() { try { await Poll(); } catch (Exception e) { Log("caller: " + e.Message); } Kept(); }
            async Task Poll() { Round(); await Task.CompletedTask; throw new Exception("early"); _ = Poll(); }
            void Kept()
            {
                var binding = System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance;
                foreach (var field in GetType().GetFields(binding))
                    if (field.Name == "_pollLoop")
                        Log("field: " + ((Task)field.GetValue(this)).Exception.InnerException.Message);
            }
            """);

        Assert.Equal("round 1,caller: early,ended", before);
        Assert.Equal("round 1,field: early,ended", after);
    }

    private static async Task<(string Before, string After)> RunBothAsync(string members)
    {
        var before = Job(members);
        var after = await Fixer.ApplyAsync(before, new StartAndLoopCodeFixProvider());
        Assert.Contains("PollLoopAsync", after, StringComparison.Ordinal);
        return (await Execution.TraceOfAsync(before), await Execution.TraceOfAsync(after));
    }

    /// <summary>
    /// A job that fails its first three works and is over after five rounds, or when an exception that nobody handles
    /// arrives where those of <c>async void</c> do.
    /// </summary>
    private static string Job(string members) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;

        public class Job
        {
            readonly List<string> trace = new List<string>();
            readonly List<Action> later = new List<Action>();
            readonly AsyncLocal<int> flowing = new AsyncLocal<int>();
            readonly TaskCompletionSource over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            int round;
            int works;

            public static async Task<string> RunAsync()
            {
                var job = new Job();
                SynchronizationContext.SetSynchronizationContext(new Context(job));
                try { await job.Run().ConfigureAwait(false); job.Log("ended"); }
                catch (Exception e) { job.Log(e.GetType().Name + ": " + e.Message); }
                foreach (var action in job.later) action();
                return string.Join(",", job.trace);
            }

            T Log<T>(T what) { lock (trace) trace.Add(what.ToString()); return what; }
            int Round() { Log("round " + (round + 1)); return ++round; }
            bool IsOver() { if (Round() < 5) return false; over.SetResult(); return true; }
            async Task Work() { await Task.Yield(); if (++works < 4) throw new Exception("work " + works); Log("worked"); }

            class Scope : IDisposable
            {
                readonly Job job;
                readonly int number;
                public Scope(Job job, int number) { this.job = job; this.number = number; }
                public void Dispose() => job.Log("dispose " + number);
            }

            /// <summary>Runs one after the other, as a user interface does, and logs exceptions.</summary>
            class Context : SynchronizationContext
            {
                readonly Job job;
                Task last = Task.CompletedTask;
                public Context(Job job) => this.job = job;
                public override void Post(SendOrPostCallback callback, object state)
                {
                    lock (job.trace)
                        last = last.ContinueWith(_ => Run(callback, state), TaskScheduler.Default);
                }

                void Run(SendOrPostCallback callback, object state)
                {
                    SetSynchronizationContext(this);
                    try { callback(state); } catch (Exception e) { job.Log("unhandled " + e.Message); job.over.TrySetResult(); }
                    finally { SetSynchronizationContext(null); }
                }
            }

            {{members}}
        }
        """;
}
