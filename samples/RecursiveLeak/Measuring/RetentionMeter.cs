namespace RecursiveLeak.Measuring;

/// <summary>
/// Counts the iterations of a form and, at evenly spaced points, collects all garbage and notes what is still alive.
/// </summary>
/// <remarks>Called by one iteration at a time; the forms are sequential by nature.</remarks>
internal sealed class RetentionMeter
{
    private readonly RetainedSample[] _samples;
    private readonly int _iterations;
    private readonly Action? _atEnd;
    private readonly long _baseline;
    private int _taken;

    /// <param name="iterations">How many there will be.</param>
    /// <param name="points">How often to measure.</param>
    /// <param name="atEnd">Run inside the last iteration.</param>
    public RetentionMeter(int iterations, int points, Action? atEnd = null)
    {
        _atEnd = atEnd;
        _iterations = iterations;
        _samples = new RetainedSample[Math.Min(points, iterations) + 1];
        _baseline = BytesAlive();
        Take();
    }

    public int Iterations { get; private set; }

    public IReadOnlyList<RetainedSample> Samples => _samples;

    /// <summary>Call once per iteration, from inside it, so that everything the form keeps is still alive.</summary>
    /// <returns>Whether the form has iterations left.</returns>
    public bool Iterated()
    {
        Iterations++;
        if (Iterations == NextPoint)
            Take();
        if (Iterations == _iterations)
            _atEnd?.Invoke();
        return Iterations < _iterations;
    }

    /// <summary>Bytes alive now, relative to before the form ran.</summary>
    public long Retained() => BytesAlive() - _baseline;

    private int NextPoint => (int)((long)_iterations * _taken / (_samples.Length - 1));

    private void Take() => _samples[_taken++] = new RetainedSample(Iterations, Retained());

    private static long BytesAlive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
