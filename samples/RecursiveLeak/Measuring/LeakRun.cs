using RecursiveLeak.Forms;

namespace RecursiveLeak.Measuring;

/// <summary>One form, measured from a clean heap.</summary>
/// <param name="Form">The name of the form.</param>
/// <param name="Samples">Retained bytes at evenly spaced points, the chain alive.</param>
/// <param name="AfterEnd">Retained bytes once the form has ended.</param>
internal sealed record LeakRun(string Form, IReadOnlyList<RetainedSample> Samples, long AfterEnd)
{
    private const int Points = 20;
    private const int WarmUpIterations = 1_000;

    public int Iterations => Samples[^1].Iterations;
    public long Retained => Samples[^1].Bytes;
    public double BytesPerIteration => (double)Retained / Iterations;

    public static async Task<LeakRun> MeasureAsync(ILeakForm form, int iterations, Action? atEnd = null)
    {
        // What the first iterations allocate once and for all (thread pool, statics) is not the form's leak.
        await RunToCleanStackAsync(form, WarmUpIterations, new RetentionMeter(WarmUpIterations, points: 1));

        var meter = new RetentionMeter(iterations, Points, atEnd);
        await RunToCleanStackAsync(form, iterations, meter);
        if (meter.Iterations != iterations)
            throw new InvalidOperationException($"{form.Name} ran {meter.Iterations} iterations instead of {iterations}.");

        return new LeakRun(form.Name, meter.Samples, meter.Retained());
    }

    private static async Task RunToCleanStackAsync(ILeakForm form, int iterations, RetentionMeter meter)
    {
        await form.RunAsync(iterations, meter);

        // The form's last frame resumes its caller inline: until that stack is gone, what it points to counts as alive.
        await Task.Yield();
    }
}
