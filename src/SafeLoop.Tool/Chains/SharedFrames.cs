namespace SafeLoop.Tool;

/// <summary>Tells a frame that many wait for, a gate, from the next of a chain.</summary>
/// <remarks>A frame of a chain may have any number of calls under way that lead no further; it is still the next of the one that does.</remarks>
internal sealed class SharedFrames
{
    private readonly int _most;
    private readonly int[] _degrees;
    private readonly int[] _reached;
    private readonly int[] _reachedByChains;

    /// <param name="links">Which frame reaches which.</param>
    /// <param name="frames">How many there are.</param>
    /// <param name="most">By so many the next of a chain may be reached.</param>
    public SharedFrames(Chunks<(int From, int To)> links, int frames, int most)
    {
        (_most, _degrees, _reached, _reachedByChains) = (most, new int[frames], new int[frames], new int[frames]);
        for (var i = 0; i < links.Count; i++)
        {
            _degrees[links[i].From]++;
            _degrees[links[i].To]++;
            _reached[links[i].To]++;
        }

        for (var i = 0; i < links.Count; i++)
            _reachedByChains[links[i].To] += _degrees[links[i].From] > 1 ? 1 : 0;
    }

    public bool Carries(int from, int to) => _reached[to] <= _most || (_degrees[from] > 1 && _reachedByChains[to] <= _most);
}
