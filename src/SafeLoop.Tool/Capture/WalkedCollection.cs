namespace SafeLoop.Tool;

/// <summary>
/// Which of a process's collections is the one whose walk over the heap is read: the first full one that walks. The process may
/// collect at any moment, too: a full collection that began before the one asked for is over without a walk, and a small one
/// may walk over a heap still full of garbage.
/// </summary>
internal sealed class WalkedCollection
{
    private int _full = -1;
    private bool _hasBegun;
    private bool _isOver;

    /// <summary>The events that arrive now belong to the walk.</summary>
    public bool IsWalking => _full >= 0 && !_isOver;

    /// <summary>The collection that was walked has ended, and its end event has arrived.</summary>
    public bool HasEnded { get; private set; }

    public void Started(int number, int generation, bool isBackground)
    {
        if (isBackground)
            return; // the small ones within it say when they begin, and no full one does before it ends
        _isOver |= _hasBegun; // its end was lost
        _full = generation == GC.MaxGeneration ? number : -1;
    }

    /// <summary>Objects or references came.</summary>
    public void Walked() => _hasBegun = true;

    public void Stopped(int number)
    {
        if (_isOver || number != _full)
            return;
        _isOver = HasEnded = _hasBegun;
        _full = -1;
    }
}
