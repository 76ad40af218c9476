using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Loops;

/// <summary>
/// The rewritten code, run beside the original: the same effects in the same order, the same result, the same exception.
/// </summary>
public sealed class LoopExecutionTests
{
    [Theory]
    [InlineData("async Task Run() { if (Round() >= 5) return; try { await Work(); } "
        + "catch (Exception e) { Log(e.Message); } await Run(); }")]
    [InlineData(
        "async Task Run() { try { await Work(); } catch (Exception e) { Log(e.Message); await Task.Delay(1); await Run(); } }")]
    [InlineData("async Task Run() { try { await Work(); } "
        + "catch (Exception e) { Log(e.Message); await Task.Delay(1); await Run(); return; } Log(\"end\"); }")]
    [InlineData("async Task Run() { await Get(7); } "
        + "async Task<int> Get(int id) { try { await Work(); return Log(id); } "
        + "catch (Exception) when (id > 0) { await Task.Delay(1); return await Get(id); } }")]
    [InlineData(
        "Task Run() => Step(0); async Task Step(int n) { await Task.Delay(1); Log(n); if (Round() < 4) { await Step(++n); } }")]
    [InlineData("Task Run() => Step(0); async Task Step(int n) { await Task.Delay(1); "
        + "n += 10; Log(n); if (Round() < 4) { await Step(n); } }")]
    [InlineData(
        "Task Run() => Step(0); async Task Step(int n) { await Task.Delay(1); Log(n); if (Round() < 4) { await Step(n++); } }")]
    [InlineData("Task Run() => Step(1, 1); "
        + "async Task Step(int a, int b) { await Task.Delay(1); "
        + "Log(a); Log(b); if (Round() < 9) { await Step(b + 1, Log(b + 2)); } }")]
    [InlineData("Task Run() => Step(1); async Task Step(int a, int b = 5) { await Task.Delay(b); "
        + "Log(a); Log(b); b = 9; if (Round() < 4) await Step(a); }")]
    [InlineData("Task Run() => Step(1, 1); "
        + "async Task Step(int n, int next) { await Task.Delay(1); Log(n); Log(next); if (Round() < 4) await Step(n++, n); }")]
    [InlineData("Task Run() => Step(1, 5); "
        + "async Task Step(int n, int m) { await Task.Delay(1); Log(n); Log(m); if (Round() < 4) await Step(m: n++, n: m); }")]
    [InlineData("Task Run() => Step(1, 2); "
        + "async Task Step(int a, int b) { await Task.Delay(1); Log(a); Log(b); if (Round() < 4) await Step(b, a); }")]
    [InlineData("Task Run() => Step(1, 2); "
        + "async Task Step(int @class, int @event) { await Task.Delay(1); "
        + "Log(@class); if (Round() < 4) await Step(@event, @class); }")]
    [InlineData("delegate Task Again(int n = 3); "
        + "async Task Run() { Again loop = null; "
        + "loop = async (int n) => { await Task.Delay(1); Log(n); if (Round() < 4) await loop(); }; await loop(9); }")]
    [InlineData("async Task Run() { bool More() => Round() < 3; await Task.Delay(1); Log(\"in\"); if (More()) await Run(); }")]
    [InlineData("async Task Run() { if (Round() switch { < 4 => false, _ => true }) return; "
        + "await Task.Delay(1); Log(\"in\"); await Run(); }")]
    [InlineData("async Task Run() { foreach (var n in new[] { 1, 2, 3 }) { Log(n); if (n == 3) goto nextIteration; "
        + "if (Round() == 2) { await Task.Delay(1); await Run(); return; } } nextIteration: Log(\"through\"); }")]
    [InlineData("async Task Run() { await Task.Yield(); Log(\"a\"); if (Round() < 3) await Run(); }")]
    [InlineData("async Task Run() { await Task.Yield(); var now = Round(); if (now < 3) { await Task.Delay(1); await Run(); } }")]
    [InlineData("async Task Run() { foreach (var n in new[] { 1, 2, 3 }) { Log(n); "
        + "if (Round() % 5 == n) { await Task.Delay(1); await Run(); return; } } Log(\"through\"); }")]
    [InlineData("async Task Run() { switch (Round()) { case 1: await Task.Delay(1); await Run(); "
        + "break; case 2: Log(\"two\"); await Task.Delay(1); await Run(); break; default: Log(\"done\"); break; } }")]
    [InlineData("async Task Run() { await Work(); if (Round() > 5) throw new InvalidOperationException(\"over\"); await Run(); } "
        + "async Task Work() => await Task.Yield();")]
    [InlineData("async Task Run() { try { await Work(); Log(\"done\"); } "
        + "catch (Exception e) { Log(e.Message); await Task.Delay(1); await Run(); } finally { } }")]
    [InlineData("async Task Run() { try { if (Round() > 3) throw new Exception(\"over\"); await Task.Delay(1); await Run(); } "
        + "catch (Exception e) { Log(e.Message); } }")]
    [InlineData("async Task Run() { await foreach (var item in Poll()) Log(item); } "
        + "async IAsyncEnumerable<int> Poll() { if (Round() > 4) yield break; "
        + "await Task.Yield(); yield return round; await foreach (var item in Poll()) yield return item; }")]
    [InlineData("async Task Run() { await Task.Yield(); foreach (var item in Poll()) Log(item); } "
        + "IEnumerable<int> Poll() { if (Round() > 4) yield break; "
        + "yield return round; foreach (var item in Poll()) yield return item; }")]
    [InlineData("async Task Run() { Func<Task> loop = null; "
        + "loop = async () => { if (Round() > 3) return; await Task.Yield(); Log(\"in\"); await loop(); }; await loop(); }")]
    [InlineData("async Task Run() { await Loop(); "
        + "async Task Loop() { if (Round() > 3) return; await Task.Yield(); Log(\"in\"); await Loop(); } }")]
    [InlineData("async Task Run() { if (Round() > 3) return; Log(\"sync\"); await Task.Run(Run); }")]
    [InlineData("async Task Run() { if (Round() > 3) return; "
        + "var seen = round; later.Add(() => Log(seen)); await Task.Yield(); await Run(); }")]
    public async Task A_loop_behaves_like_the_calls(string members)
    {
        var (before, after) = await RunBothAsync(members);

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Disposal_comes_after_each_iteration_as_the_title_says()
    {
        var (before, after) = await RunBothAsync("""
            async Task Run()
            {
                if (Round() > 3) return;
                using var scope = new Scope(this, round);
                await Task.Delay(1);
                await Run();
            }
            class Scope(Job job, int number) : IDisposable { public void Dispose() => job.Log("dispose " + number); }
            """);

        Assert.Equal("round 1,round 2,round 3,round 4,dispose 3,dispose 2,dispose 1,ended", before);
        Assert.Equal("round 1,dispose 1,round 2,dispose 2,round 3,dispose 3,round 4,ended", after);
    }

    [Fact]
    public async Task An_exception_is_handled_once_as_the_title_says()
    {
        var (before, after) = await RunBothAsync(
            "async Task Run() { try { if (Round() > 3) throw new Exception(\"over\"); await Task.Delay(1); await Run(); } "
            + "catch (Exception e) { Log(e.Message); throw; } }");

        Assert.Equal("round 1,round 2,round 3,round 4,over,over,over,over,Exception: over", before);
        Assert.Equal("round 1,round 2,round 3,round 4,over,Exception: over", after);
    }

    /// <summary>
    /// The original and the fixed members, each in a job that counts its rounds and fails the first three of them.
    /// </summary>
    private static async Task<(string Before, string After)> RunBothAsync(string members)
    {
        var before = Job(members);
        var after = await Fixer.ApplyAsync(before, new LoopCodeFixProvider());
        Assert.NotEqual(before, after);
        return (await Execution.TraceOfAsync(before), await Execution.TraceOfAsync(after));
    }

    private const string Work = """
        async Task Work() { await Task.Yield(); if (++works < 4) throw new Exception("work " + works); Log("worked"); }
        """;

    private static string Job(string members) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;

        public class Job
        {
            readonly List<string> trace = new List<string>();
            readonly List<Action> later = new List<Action>();
            int round;
            int works;

            public static async Task<string> RunAsync()
            {
                var job = new Job();
                try { await job.Run(); job.Log("ended"); } catch (Exception e) { job.Log(e.GetType().Name + ": " + e.Message); }
                foreach (var action in job.later) action();
                return string.Join(",", job.trace);
            }

            T Log<T>(T what) { trace.Add(what.ToString()); return what; }
            int Round() { Log("round " + (round + 1)); return ++round; }
            {{(members.Contains("Task Work()", StringComparison.Ordinal) ? "" : Work)}}

            {{members}}
        }
        """;
}
