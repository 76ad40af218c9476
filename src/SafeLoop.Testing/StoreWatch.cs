namespace SafeLoop.Testing;

/// <summary>Knows whether a call to the store of the host is under way. Meanwhile no virtual time passes.</summary>
/// <param name="find">Finds the session of the store; null: the host has none.</param>
/// <param name="moved">Called when the store has answered.</param>
internal sealed class StoreWatch(Func<StoreSession?> find, Action moved)
{
    private readonly Lazy<StoreSession?> _session = new(() =>
    {
        var session = find();
        session?.BecameIdle = moved;
        return session;
    });

    /// <summary>True while a call is under way, or about to begin.</summary>
    public bool IsCalled => _session is { IsValueCreated: true, Value.IsBusy: true };

    private long? _since;
    private int _ended;
    private bool _hangs;

    /// <summary>True while a call is under way, or about to begin, and has not been waited for too long.</summary>
    /// <param name="limit">How long each call is waited for in real time.</param>
    /// <param name="left">What is left of it.</param>
    public bool IsBusy(TimeSpan limit, out TimeSpan left)
    {
        left = limit;
        if (_session.Value is not { IsBusy: true } session)
        {
            (_since, _hangs) = (null, false);
            return false;
        }
        if (_since is null || (!_hangs && _ended != session.EndedCalls))
            (_since, _ended) = (TimeProvider.System.GetTimestamp(), session.EndedCalls); // many calls are no hang
        if (limit == Timeout.InfiniteTimeSpan)
            return true;
        left = limit - TimeProvider.System.GetElapsedTime(_since.Value);
        _hangs = left <= TimeSpan.Zero;
        return !_hangs; // a call that hangs ends by its limit, which is virtual time
    }
}
