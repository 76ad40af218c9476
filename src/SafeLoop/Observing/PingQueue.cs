namespace SafeLoop;

/// <summary>
/// The pings of one task. One is under way and the newest waits, so a service that does not answer costs neither memory nor
/// threads.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PingQueue(TimeProvider time)
{
    // Services accept few pings a minute. A task with a shorter period does not repeat what it has just said.
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Ping? _waiting;
    private Ping? _last;
    private Ping? _lastStart;
    private long _lastAt;
    private long _lastStartAt;
    private bool _isSending;

    /// <summary>True while the last ping that was sent has not arrived. Only the thread that sends uses it.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Adds a ping.</summary>
    /// <param name="ping">The ping.</param>
    /// <param name="hasDropped">True: it replaces an outcome, which the service does not get.</param>
    /// <returns>True: the caller must call <see cref="Take"/> until there is none.</returns>
    public bool Add(Ping ping, out bool hasDropped)
    {
        lock (_gate)
        {
            hasDropped = false;
            if (IsRepeated(ping))
                return false;
            (_last, _lastAt) = (ping, time.GetTimestamp());
            if (ping.Kind is PingKind.Start)
                (_lastStart, _lastStartAt) = (ping, _lastAt);

            // An outcome says more than the start before or after it.
            if (_waiting is null or { Kind: PingKind.Start } || ping.Kind is not PingKind.Start)
            {
                hasDropped = _waiting is { Kind: not PingKind.Start };
                _waiting = ping;
            }
            if (_isSending)
                return false;
            return _isSending = true;
        }
    }

    /// <summary>Takes the ping that waits; null: there is none, and the next one is a turn of its own.</summary>
    public Ping? Take()
    {
        lock (_gate)
        {
            var ping = _waiting;
            (_waiting, _isSending) = (null, ping is not null);
            return ping;
        }
    }

    private bool IsRepeated(Ping ping) => ping.Kind is PingKind.Start
        ? ping == _lastStart && time.GetElapsedTime(_lastStartAt) < Spacing
        : ping == _last && time.GetElapsedTime(_lastAt) < Spacing;
}
