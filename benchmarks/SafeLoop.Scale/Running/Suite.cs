using System.Globalization;
using SafeLoop.Scale.Engines;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Running;

/// <summary>
/// Runs every scenario as often as asked, in rounds, so that whatever else the machine does meets all engines alike.
/// </summary>
internal sealed class Suite(ScaleOptions options, AttemptBook book)
{
    private readonly EngineProcess _process = new(options.TimeOut);

    public async Task RunAsync()
    {
        var scenarios = Scenarios.Of(options);
        for (var repetition = 1; repetition <= options.Repetitions; repetition++)
        {
            foreach (var scenario in scenarios.Where(scenario => !book.Has(scenario, repetition)))
            {
                var attempt = WhyNotTried(scenario) is { } reason
                    ? new Attempt(scenario, repetition) { Problem = reason }
                    : await _process.RunAsync(scenario, repetition);
                book.Add(attempt);
                await Console.Error.WriteLineAsync($"{repetition}/{options.Repetitions} {Describe(attempt)}");
            }
        }
    }

    /// <summary>
    /// An engine that has failed under a smaller load, or ran less than half of it, does not get a greater one.
    /// </summary>
    private string? WhyNotTried(Scenario scenario)
    {
        foreach (var smaller in book.Attempts.Where(attempt => attempt.Scenario.Loops < scenario.Loops
            && attempt.Scenario == scenario with { Loops = attempt.Scenario.Loops }))
        {
            if (smaller.Problem is { } problem)
                return FormattableString.Invariant($"not tried: of {smaller.Scenario.Loops:N0}, {problem}");
            if (smaller.Measurement is { Ran: < 0.5 and var ran })
                return FormattableString.Invariant(
                    $"not tried: of {smaller.Scenario.Loops:N0} it ran {ran * 100:0} % of what was due");
        }
        return null;
    }

    private static string Describe(Attempt attempt)
    {
        var scenario = attempt.Scenario;
        var what = FormattableString.Invariant(
            $"{EngineCatalog.Find(scenario.Engine).Name} × {scenario.Loops:N0}{(scenario.IsIdle ? ", idle" : "")}: ");
        if (attempt.Measurement is not { } measured)
            return what + attempt.Problem;
        var size = string.Create(CultureInfo.InvariantCulture,
            $"start {measured.StartSeconds:0.00} s, {measured.BytesPerLoop:0} B/loop, "
            + $"{measured.CoreShare * 100:0.00} % of a core");
        var turns = string.Create(CultureInfo.InvariantCulture,
            $", {measured.AllocatedPerIteration:0.0} B and {measured.MicrosecondsPerIteration:0.0} µs per iteration, "
            + $"late {measured.LateMedian:0.0}/{measured.Late99:0.0}/{measured.LateMost:0} ms, ran {measured.Ran * 100:0} %");
        return what + size + (scenario.IsIdle ? "" : turns);
    }
}
