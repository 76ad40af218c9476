using System.Numerics;

namespace SafeLoop;

/// <summary>Alarms in the order they fall due. Adding, moving and taking one costs the same for ten as for a million.</summary>
/// <remarks>
/// <para>
/// A hierarchical timing wheel. Write a tick as six digits to base 256; every level of the wheel turns one digit:
/// </para>
/// <code>
///           digit     5     4      3     2      1     0
///   now                0     0      0     2    117    40        (161,064 ms)
///   an alarm           0     0      0     2    117    63   ->   level 0, slot 63: rings in 23 ms
///   another            0     0      0     2    180     9   ->   level 1, slot 180
///   in a day           0     0      5    40    209    40   ->   level 3, slot 5
///
///   level 0   [ · · · · · · · 40 · · · · ■63 · · · · · · · ]   256 x 1 ms
///   level 1   [ · · · · · · · · · 117 · · · · · · ■180 · · ]   256 x 256 ms    = 65.5 s
///   level 2   [ · · 2 · · · · · · · · · · · · · · · · · ·  ]   256 x 65.5 s    = 4.7 h
///   level 3   [ 0 · · · · ■5 · · · · · · · · · · · · · ·   ]   256 x 4.7 h     = 49.7 days
///   level 4, level 5                                           34.8 years, 8,925 years
/// </code>
/// <para>
/// An alarm lies at the highest digit in which it differs from now. So whatever lies on a level is due before anything on
/// the level above, no level ever wraps round, and the earliest bucket is simply the first set bit of the bitmap of all
/// buckets. When now reaches a bucket above level 0, its alarms are dealt out again to the levels below ("spilled"), at
/// most five times in an alarm's life. Empty slots cost nothing: an hour's jump looks at occupied buckets only.
/// </para>
/// <para>
/// Ideas: G. Varghese and T. Lauck, "Hashed and Hierarchical Timing Wheels", SOSP 1987; the level from an exclusive-or and
/// the bitmap are tokio's (runtime/time/wheel). Linux gave up spilling in 2016 for less exact far timers, which a loop
/// that runs "every day at 03:00" cannot accept; Netty's HashedWheelTimer wakes for every tick, an idle process should not.
/// </para>
/// <para>Knows neither clock nor threads: the <see cref="Pacemaker"/> brings both.</para>
/// </remarks>
internal sealed class TimingWheel
{
    private const int Levels = 6;
    private const int DigitBits = 8;
    private const int SlotsPerLevel = 1 << DigitBits;
    private const int NoBucket = -1;

    /// <summary>What <see cref="TakeDue"/> spills at most in one call: the pacemaker's lock is held that long (0.2 ms).</summary>
    private const int SpillLimit = 2_048;

    private readonly AlarmQueue[] _buckets = new AlarmQueue[Levels * SlotsPerLevel];
    private BucketSet _occupied = new(Levels * SlotsPerLevel);
    private int _spilling = NoBucket;   // a bucket being spilled in several goes: until it is empty, it stays the earliest
    private long _position;             // all that was due before it is taken; the digits of alarms are compared with it

    /// <summary>The latest time the wheel was told of. The position follows as what is due is taken.</summary>
    public long Now { get; private set; }

    public int Count { get; private set; }

    /// <summary>No alarm is due earlier; one may be due then. <see cref="TickScale.Never"/> if there is none.</summary>
    public long EarliestTick => _occupied.IsEmpty ? TickScale.Never : FirstTickOf(EarliestBucket);

    public void AdvanceTo(long now)
    {
        Now = Math.Max(Now, now);
        if (EarliestTick > Now)
            _position = Now;
    }

    /// <summary>Adds an alarm that is not in the wheel. One that is late already queues behind those due by now.</summary>
    public void Add(Alarm alarm, long tick)
    {
        Count++;
        if (tick >= TickScale.Never)
        {
            alarm.Bucket = Alarm.Forever;
            return;
        }
        alarm.Tick = Math.Max(tick, Now);
        Link(alarm);
    }

    public bool Remove(Alarm alarm)
    {
        if (alarm.Bucket == Alarm.NotArmed)
            return false;
        if (alarm.Bucket != Alarm.Forever)
            Unlink(alarm);
        alarm.Bucket = Alarm.NotArmed;
        Count--;
        return true;
    }

    /// <summary>Removes the first alarm that is due. Null, but <see cref="EarliestTick"/> has come: ask again, it spills.</summary>
    public Alarm? TakeDue()
    {
        while (EarliestTick is var tick && tick <= Now)
        {
            _position = tick;
            var bucket = EarliestBucket;
            if (bucket < SlotsPerLevel)
            {
                var alarm = _buckets[bucket].First!;
                Remove(alarm);
                return alarm;
            }
            if (!TrySpill(bucket))
                return null;
        }
        _position = Now;
        return null;
    }

    private int EarliestBucket => _spilling != NoBucket ? _spilling : _occupied.Least;

    /// <summary>The position's digits above the bucket's level, the bucket's slot, then zeros.</summary>
    private long FirstTickOf(int bucket)
    {
        var shift = bucket / SlotsPerLevel * DigitBits;
        var slot = (long)(bucket % SlotsPerLevel);
        return (_position >> shift + DigitBits << DigitBits | slot) << shift;
    }

    /// <summary>The level of the highest digit that differs from the position's, and there the slot that digit names.</summary>
    private int BucketOf(long tick)
    {
        var level = BitOperations.Log2((ulong)(tick ^ _position) | 1) / DigitBits;
        var slot = (int)(tick >> level * DigitBits & (SlotsPerLevel - 1));
        return level * SlotsPerLevel + slot;
    }

    /// <summary>Deals a bucket's alarms out to the levels below. False: not all of them yet.</summary>
    private bool TrySpill(int bucket)
    {
        _spilling = bucket;
        for (var left = SpillLimit; left > 0 && _buckets[bucket].First is { } alarm; left--)
        {
            Unlink(alarm);
            Link(alarm);
        }
        return _spilling == NoBucket;
    }

    private void Link(Alarm alarm)
    {
        var bucket = BucketOf(alarm.Tick);
        alarm.Bucket = (short)bucket;
        _buckets[bucket].Append(alarm);
        _occupied.Add(bucket);
    }

    private void Unlink(Alarm alarm)
    {
        int bucket = alarm.Bucket;
        _buckets[bucket].Remove(alarm);
        if (_buckets[bucket].First is not null)
            return;
        _occupied.Remove(bucket);
        if (_spilling == bucket)
            _spilling = NoBucket;
    }
}
