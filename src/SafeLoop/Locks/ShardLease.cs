namespace SafeLoop;

/// <summary>The right of this host to run its shards, for a time. All shards of the host share it.</summary>
/// <remarks>
/// <code>
///   created ──── renewal sent ──── renewal sent ──── 9/10 of the length after the last granted one was sent: lost for ever
/// </code>
/// <para>
/// It is valid until 9/10 of its length after its last granted renewal was sent, on the monotonic clock and on the wall
/// clock: the monotonic one stops while a machine is suspended. A lease that has run out or was lost is never valid again, so
/// the host gives up its shards and takes a new lease, with new epochs.
/// </para>
/// <para>
/// It is the lease of Gray and Cheriton (1989): the holder counts from before it sends the request, and stops earlier than the
/// store, so that neither a slow answer nor clocks of different speed make two holders. The epoch of a shard is the sequencer of
/// Chubby (Burrows, 2006): each write of a shard carries it, so that a fenced store refuses an older owner.
/// </para>
/// <para>
/// An alarm ends it in time. Where that is late, because the process was frozen, the check before an iteration ends it.
/// Thread-safe.
/// </para>
/// </remarks>
public sealed class ShardLease
{
    private const double ProvenShare = 0.9;

    private readonly Lock _gate = new();
    private readonly Pacemaker _pacemaker;
    private readonly TimeSpan _proven;
    private readonly CancellationTokenSource _lost = new();
    private readonly Expiry _expiry;
    private volatile Proof _proof;
    private volatile string? _lossReason;

    /// <summary>Creates a lease that counts from now. Create it before you ask the store for it.</summary>
    /// <param name="pacemaker">The timer of the clock.</param>
    /// <param name="length">How long the store keeps it after each renewal; positive.</param>
    internal ShardLease(Pacemaker pacemaker, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        (_pacemaker, _proven, Length) = (pacemaker, length * ProvenShare, length);
        _proof = NewProof();
        _expiry = new(this);
        pacemaker.Arm(_expiry, _proof.Timestamp);
    }

    /// <summary>How long the store keeps it after each renewal.</summary>
    public TimeSpan Length { get; }

    /// <summary>
    /// True while this host can prove that it holds the lease. Reads two clocks. Once false, it is never true again.
    /// </summary>
    public bool IsValid => _lossReason is null && (IsProven(_proof) || !TryExpire());

    /// <summary>Cancelled when the lease has run out or was lost, on another thread than the one that noticed it.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why it is not valid any more, as a sentence; null while it is valid.</summary>
    public string? LossReason => _lossReason;

    /// <summary>Renews the lease. When the store refuses, the lease is lost.</summary>
    /// <param name="renew">
    /// Sends the renewal to the store. True: the store has renewed the lease. False: the lease has run out or has ended.
    /// </param>
    /// <param name="cancellationToken">Passed to <paramref name="renew"/>.</param>
    /// <returns>True when the lease is valid for its length from now.</returns>
    /// <remarks>An exception leaves the lease as it was, because it is unknown whether the store has renewed it.</remarks>
    public async ValueTask<bool> RenewAsync(
        Func<CancellationToken, ValueTask<bool>> renew, CancellationToken cancellationToken = default)
    {
        var proof = NewProof(); // from before the request, because the store may grant it at any time from then on
        if (await renew(cancellationToken).ConfigureAwait(false))
            return TryExtend(proof);
        Lose("The store has refused to renew the lease.");
        return false;
    }

    /// <summary>Ends the lease. Without effect when it has ended already.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public void Lose(string reason)
    {
        lock (_gate)
        {
            if (_lossReason is not null)
                return;
            _lossReason = reason;
        }
        _pacemaker.Disarm(_expiry);
        _pacemaker.Dispatch(new WorkItem(_lost.Cancel));
    }

    private Proof NewProof() => new(_pacemaker.Time.TimestampIn(_proven), _pacemaker.Time.GetUtcNow() + _proven);

    private bool IsProven(Proof proof) =>
        _pacemaker.Time.GetTimestamp() < proof.Timestamp && _pacemaker.Time.GetUtcNow() < proof.Instant;

    private bool TryExtend(Proof proof)
    {
        if (!IsValid) // what has run out before the answer came stays lost
            return false;
        lock (_gate)
        {
            if (_lossReason is null && proof.Timestamp > _proof.Timestamp)
                _proof = proof; // an older request may have been answered later
        }
        return IsValid;
    }

    /// <returns>False when it was renewed meanwhile.</returns>
    private bool TryExpire()
    {
        lock (_gate)
        {
            if (_lossReason is null && IsProven(_proof))
                return false;
        }
        Lose($"The lease was not renewed for 9/10 of its length of {Length}.");
        return true;
    }

    private void OnExpiry()
    {
        if (IsValid)
            _pacemaker.Arm(_expiry, _proof.Timestamp);
    }

    /// <summary>Until when it is valid, on both clocks. One object, so that both change at once.</summary>
    private sealed record Proof(long Timestamp, DateTimeOffset Instant);

    private sealed class Expiry(ShardLease lease) : Alarm
    {
        protected internal override void Ring() => lease.OnExpiry();
    }
}
