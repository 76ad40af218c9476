namespace SafeLoop.Scale.Measuring;

/// <summary>What one run of one engine showed.</summary>
internal sealed record Measurement
{
    /// <summary>From the first loop added to the last one waiting.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Of the garbage-collected heap, after each loop has run once and everything was collected.</summary>
    public double BytesPerLoop { get; init; }

    /// <summary>The memory of the whole process at the end of the window, in bytes.</summary>
    public double ResidentBytes { get; init; }

    /// <summary>The most it had until then.</summary>
    public double PeakBytes { get; init; }

    public double Iterations { get; init; }

    /// <summary>How many of the iterations that were due in the window have run: 1 is all.</summary>
    public double Ran { get; init; }

    public double AllocatedPerIteration { get; init; }

    public double MicrosecondsPerIteration { get; init; }

    public double LateMedian { get; init; }

    public double Late99 { get; init; }

    public double LateMost { get; init; }

    /// <summary>The share of the window in which the garbage collector had stopped all threads.</summary>
    public double PauseShare { get; init; }

    /// <summary>How long a blocking collection of the whole heap takes while the loops wait; the median of nine.</summary>
    public double FullCollectionMilliseconds { get; init; }

    /// <summary>The share of one core the process used.</summary>
    public double CoreShare { get; init; }

    /// <summary>
    /// How much more of the heap is in use than before the loops were added, once they have been
    /// removed; null: the engine removes none.
    /// </summary>
    public double? BytesLeft { get; init; }

    /// <summary>How long removing took.</summary>
    public double? RemoveSeconds { get; init; }
}
