namespace SafeLoop.Tool;

/// <summary>Distinguishes a frame that many others await, a gate, from the next frame of a chain.</summary>
/// <remarks>
/// A frame of a chain may have any number of calls under way that lead no further; it is still the next of the one that does.
/// </remarks>
internal sealed class SharedFrames
{
    // Small numbers are kept exactly; all others count as many.
    private readonly byte[] _degrees;
    private readonly byte[] _reached;
    private readonly byte[] _reachedByChains;
    private readonly int _most;

    /// <param name="links">Which frame reaches which.</param>
    /// <param name="frames">How many there are.</param>
    /// <param name="most">By so many the next of a chain may be reached; fewer than 255.</param>
    public SharedFrames(Chunks<(int From, int To)> links, int frames, int most)
    {
        (_most, _degrees, _reached, _reachedByChains) = (most, new byte[frames], new byte[frames], new byte[frames]);
        for (var i = 0; i < links.Count; i++)
        {
            Count(ref _degrees[links[i].From]);
            Count(ref _degrees[links[i].To]);
            Count(ref _reached[links[i].To]);
        }

        for (var i = 0; i < links.Count; i++)
        {
            if (_degrees[links[i].From] > 1)
                Count(ref _reachedByChains[links[i].To]);
        }
    }

    public bool Carries(int from, int to) => _reached[to] <= _most || (_degrees[from] > 1 && _reachedByChains[to] <= _most);

    private static void Count(ref byte number)
    {
        if (number < byte.MaxValue)
            number++;
    }
}
