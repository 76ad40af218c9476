namespace SafeLoop;

/// <summary>
/// The members that may own shards: those that are live and have been so since no other member was added for the time to settle.
/// </summary>
/// <remarks>
/// <code>
///   live      A    A B   A B C ─────────────► A C
///   settled   A ───────────────► A B C ─────► A C      a member that is gone is replaced at once
///                        ◄─ Settle ─►
/// </code>
/// Without it the first host of a cluster that starts would open all shards. A member that comes and goes in a shorter time
/// delays the others for a few times the time to settle, not for ever. Not thread-safe.
/// </remarks>
internal sealed class SettledMembers(TimeProvider time, TimeSpan settle)
{
    private const int MostDelay = 5; // times the time to settle

    private HashSet<string> _live = [], _settled = [];
    private long _settlesAt = long.MaxValue, _settlesAtLatest;

    /// <summary>When the members change next if they stay the same, as a timestamp; <see cref="long.MaxValue"/>: never.</summary>
    public long ChangesAt => _settlesAt;

    /// <summary>Finds the settled ones.</summary>
    /// <param name="live">The addresses of the live members.</param>
    public IReadOnlySet<string> Update(IReadOnlyCollection<string> live)
    {
        if (live.Any(address => !_live.Contains(address)))
        {
            if (_settlesAt == long.MaxValue)
                _settlesAtLatest = time.TimestampIn(settle * MostDelay);
            _settlesAt = Math.Min(time.TimestampIn(settle), _settlesAtLatest);
        }
        _live = [.. live];
        if (_settlesAt <= time.GetTimestamp())
            (_settled, _settlesAt) = ([.. live], long.MaxValue);
        else if (!_settled.IsSubsetOf(_live))
            _settled = [.. _settled.Where(_live.Contains)];
        return _settled;
    }
}
