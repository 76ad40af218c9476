namespace SafeLoop.Scale.Measuring;

/// <summary>The work every engine gets: so many loops, each due once per period, their phases spread evenly over it.</summary>
/// <param name="Loops">How many.</param>
/// <param name="Period">How often each is due.</param>
/// <param name="Before">How long before the first of them is due.</param>
internal sealed record Load(int Loops, TimeSpan Period, TimeSpan Before)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Nothing is due while it is measured.</summary>
    public bool IsIdle => Before > TimeSpan.Zero;

    /// <summary>
    /// How far into the period a loop is due: spread by a hash of its number, as SafeLoop's
    /// <c>Spread()</c> does, so that all meet the same crowds.
    /// </summary>
    public TimeSpan Phase(int loop)
    {
        // The finalizer of SplitMix64 (Steele, Lea, Flood).
        var hash = (ulong)(loop + 1) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        hash ^= hash >> 31;
        return Period * ((hash >> 11) * (1.0 / (1UL << 53)));
    }

    /// <summary>How long after it was added a loop is due first.</summary>
    public TimeSpan FirstSlot(int loop)
    {
        var first = Before + Phase(loop);
        return first < Shortest ? Shortest : first;
    }
}
