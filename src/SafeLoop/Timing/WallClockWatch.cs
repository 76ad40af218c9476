using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>
/// Detects within seconds that the wall clock was set, and wakes the loops that follow it, so that they plan again.
/// </summary>
/// <remarks>
/// Waits use the monotonic clock; between two checks the wall clock must advance equally. Costs nothing while no loop follows
/// the wall clock.
/// </remarks>
internal sealed class WallClockWatch : Alarm
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // More than an NTP client that slews the clock adds within an interval. Slower drift accumulates until it is detected too.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    private static readonly ConditionalWeakTable<Pacemaker, WallClockWatch> Shared = [];

    private readonly Pacemaker _pacemaker;
    private readonly HashSet<IWakeable> _waits = [];
    private readonly long _originTimestamp;
    private readonly DateTimeOffset _origin;
    private TimeSpan _drift;

    private WallClockWatch(Pacemaker pacemaker)
    {
        _pacemaker = pacemaker;
        _originTimestamp = pacemaker.Time.GetTimestamp();
        _origin = pacemaker.Time.GetUtcNow();
    }

    public static WallClockWatch For(Pacemaker pacemaker) =>
        Shared.GetValue(pacemaker, static pacemaker => new WallClockWatch(pacemaker));

    public void Add(IWakeable wait)
    {
        lock (_waits)
        {
            if (!_waits.Add(wait) || _waits.Count > 1)
                return;
            _drift = Drift();
            ArmNext();
        }
    }

    public void Remove(IWakeable wait)
    {
        lock (_waits)
        {
            if (_waits.Remove(wait) && _waits.Count == 0)
                _pacemaker.Disarm(this);
        }
    }

    /// <summary>Called when the wall clock was set. In virtual time this replaces the check every two seconds.</summary>
    public void OnWallClockSet()
    {
        lock (_waits)
        {
            _drift = Drift();
            WakeAll();
        }
    }

    protected internal override void Ring()
    {
        lock (_waits)
        {
            if (_waits.Count == 0)
                return;
            var drift = Drift();
            if ((drift - _drift).Duration() > Tolerance)
            {
                _drift = drift;
                WakeAll();
            }
            ArmNext();
        }
    }

    private void WakeAll()
    {
        foreach (var wait in _waits)
            wait.Wake();
    }

    private TimeSpan Drift() => _pacemaker.Time.GetUtcNow() - _origin - _pacemaker.Time.GetElapsedTime(_originTimestamp);

    private void ArmNext()
    {
        if (!_pacemaker.IsNotifiedOfClockChanges)
            _pacemaker.Arm(this, _pacemaker.Time.TimestampIn(Interval));
    }
}
