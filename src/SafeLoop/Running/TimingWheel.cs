using System.Numerics;

namespace SafeLoop;

/// <summary>Alarms in the order they fall due. Adding, moving, removing and taking one cost the same for ten as for a million.</summary>
/// <remarks>
/// <para>
/// A hierarchical timing wheel. Write a tick as six digits to base 256; every level of the wheel turns one digit:
/// </para>
/// <code>
///           digit     5     4      3     2      1     0
///   now                0     0      0     2    117    40        (160,040 ms)
///   an alarm           0     0      0     2    117    63   ->   level 0, slot 63: rings in 23 ms
///   another            0     0      0     2    180     9   ->   level 1, slot 180
///   in a day           0     0      5    41      …     …   ->   level 3, slot 5
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
/// that runs "every day at 03:00" cannot accept; Netty's HashedWheelTimer wakes for every tick, which an idle process should not.
/// </para>
/// <para>Knows neither clock nor threads: the <see cref="Pacemaker"/> brings both.</para>
/// </remarks>
internal sealed class TimingWheel
{
    private const int Levels = 6;
    private const int DigitBits = 8;
    private const int SlotsPerLevel = 1 << DigitBits;
    private const int BucketsPerWord = 64;

    /// <summary>How many alarms one <see cref="TakeDue"/> spills at most: it is what the pacemaker's lock is held for (~0.2 ms).</summary>
    private const int SpillLimit = 2_048;
    private const int NoBucket = -1;

    private readonly Bucket[] _buckets = new Bucket[Levels * SlotsPerLevel];
    private readonly ulong[] _occupied = new ulong[Levels * SlotsPerLevel / BucketsPerWord];
    private uint _occupiedWords;

    private long _position;            // all that was due before it has been taken; the digits of alarms are compared with it
    private int _spilling = NoBucket;  // a bucket that is being spilled in several goes: until it is empty, nothing else is earliest

    /// <summary>The latest time the wheel was told of. Behind it, <see cref="_position"/> catches up as due alarms are taken.</summary>
    public long Now { get; private set; }

    public int Count { get; private set; }

    /// <summary>No alarm is due earlier; one may be due then. <see cref="TickScale.Never"/> if there is none.</summary>
    public long EarliestTick => EarliestBucket is var bucket and not NoBucket ? FirstTickOf(bucket) : TickScale.Never;

    public void AdvanceTo(long now)
    {
        Now = Math.Max(Now, now);
        if (EarliestTick > Now)
            _position = Now;
    }

    /// <summary>Adds an alarm that is not in the wheel. One that is late already queues behind those that are due by now.</summary>
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

    /// <summary>Removes the first of the alarms that are due. Null while <see cref="EarliestTick"/> is still due: ask again.</summary>
    public Alarm? TakeDue()
    {
        while (EarliestBucket is var bucket and not NoBucket && FirstTickOf(bucket) is var tick && tick <= Now)
        {
            _position = tick;
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

    private int EarliestBucket =>
        _spilling != NoBucket ? _spilling :
        _occupiedWords == 0 ? NoBucket :
        BitOperations.TrailingZeroCount(_occupiedWords) is var word
            ? word * BucketsPerWord + BitOperations.TrailingZeroCount(_occupied[word]) : NoBucket;

    private long FirstTickOf(int bucket)
    {
        var (level, slot) = (bucket / SlotsPerLevel, bucket % SlotsPerLevel);
        var higherDigits = _position >> (level + 1) * DigitBits << (level + 1) * DigitBits;
        return higherDigits | (long)slot << level * DigitBits;
    }

    private int BucketOf(long tick)
    {
        var level = BitOperations.Log2((ulong)(tick ^ _position) | 1) / DigitBits;
        var digit = (int)(tick >> level * DigitBits & (SlotsPerLevel - 1));
        return level * SlotsPerLevel + digit;
    }

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
        ref var first = ref _buckets[bucket].First;
        if (first is null)
        {
            first = alarm.Next = alarm.Previous = alarm;
            _occupied[bucket / BucketsPerWord] |= 1UL << bucket;
            _occupiedWords |= 1u << bucket / BucketsPerWord;
            return;
        }
        var last = first.Previous!;
        (alarm.Previous, alarm.Next) = (last, first);
        last.Next = first.Previous = alarm;
    }

    private void Unlink(Alarm alarm)
    {
        int bucket = alarm.Bucket;
        ref var first = ref _buckets[bucket].First;
        if (alarm.Next == alarm)
        {
            first = null;
            MarkEmpty(bucket);
        }
        else
        {
            alarm.Next!.Previous = alarm.Previous;
            alarm.Previous!.Next = alarm.Next;
            if (first == alarm)
                first = alarm.Next;
        }
        alarm.Next = alarm.Previous = null;   // an alarm that is not armed keeps no other alive
    }

    private void MarkEmpty(int bucket)
    {
        ref var word = ref _occupied[bucket / BucketsPerWord];
        word &= ~(1UL << bucket);
        if (word == 0)
            _occupiedWords &= ~(1u << bucket / BucketsPerWord);
        if (_spilling == bucket)
            _spilling = NoBucket;
    }

    /// <summary>A ring of alarms, first come first served. (A struct: storing into an array of a class checks its type each time.)</summary>
    private struct Bucket
    {
        public Alarm? First;
    }
}
