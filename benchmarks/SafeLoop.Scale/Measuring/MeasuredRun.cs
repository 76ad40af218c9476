using System.Diagnostics;
using System.Text.Json;
using SafeLoop.Scale.Engines;
using SafeLoop.Scale.Running;

namespace SafeLoop.Scale.Measuring;

/// <summary>Measures one engine in this process, which is new and has nothing else to do.</summary>
internal static class MeasuredRun
{
    // The collection before has stopped all loops: let them catch up.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Writes what it is doing, and at last the measurement, to the standard output, where the comparison reads it.
    /// </summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> ReportAsync(Scenario scenario)
    {
        try
        {
            var measurement = await MeasureAsync(scenario);
            await Console.Out.WriteLineAsync(EngineProcess.Result + JsonSerializer.Serialize(measurement));
            return 0;
        }
        catch (Exception error) // of whichever engine: the comparison says what it could not do
        {
            await Console.Out.WriteLineAsync(
                EngineProcess.Failure + $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    private static async Task<Measurement> MeasureAsync(Scenario scenario)
    {
        var load = scenario.ToLoad();
        var engine = EngineCatalog.Find(scenario.Engine).Create(load);

        await Says("starting the engine");
        await engine.StartAsync();
        Lateness.Note(Stopwatch.GetTimestamp());
        var empty = Heap.BytesAlive();

        await Says($"adding {load.Loops:N0} loops");
        var added = Stopwatch.GetTimestamp();
        await engine.AddAsync();
        var start = Stopwatch.GetElapsedTime(added);

        await Says("warming up");
        await Task.Delay(scenario.WarmUp);
        var occupied = Heap.BytesAlive() - empty;
        await Task.Delay(Settle);

        await Says("running");
        var lateBefore = Lateness.Read();
        var before = Reading.Take();
        await Task.Delay(scenario.Window);
        var after = Reading.Take();   // before anything else: reading the lateness allocates
        var measurement = Between(before, after, Lateness.Read().Since(lateBefore), load) with
        {
            StartSeconds = start.TotalSeconds,
            BytesPerLoop = (double)occupied / load.Loops,
            ResidentBytes = Environment.WorkingSet,
            PeakBytes = Machine.PeakOfThisProcess(),
            FullCollectionMilliseconds = Heap.FullCollection(),
        };

        if (engine is IRemovesLoops removes)
        {
            await Says($"removing {load.Loops:N0} loops");
            var removed = Stopwatch.GetTimestamp();
            await removes.RemoveAsync();
            measurement = measurement with { RemoveSeconds = Stopwatch.GetElapsedTime(removed).TotalSeconds };
            await Task.Delay(Settle);
            measurement = measurement with { BytesLeft = Heap.BytesAlive() - empty };
        }

        GC.KeepAlive(engine);
        return measurement;
    }

    private static Measurement Between(Reading before, Reading after, LatenessHistogram late, Load load)
    {
        var window = Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp);
        var cpu = after.Cpu - before.Cpu;
        var due = load.IsIdle ? 0 : load.Loops * (window / load.Period);
        var iterations = late.Count;
        return new()
        {
            Iterations = iterations,
            Ran = due == 0 ? 1 : iterations / due,
            AllocatedPerIteration = (after.Allocated - before.Allocated) / Math.Max(1.0, iterations),
            MicrosecondsPerIteration = cpu.TotalMicroseconds / Math.Max(1.0, iterations),
            LateMedian = late.Milliseconds(0.5),
            Late99 = late.Milliseconds(0.99),
            LateMost = late.Milliseconds(1),
            PauseShare = (after.Paused - before.Paused) / window,
            CoreShare = cpu / window,
        };
    }

    private static Task Says(FormattableString what) =>
        Console.Out.WriteLineAsync(EngineProcess.Phase + FormattableString.Invariant(what));

    private static Task Says(string what) => Console.Out.WriteLineAsync(EngineProcess.Phase + what);
}
