using System.Numerics;

namespace SafeLoop;

/// <summary>
/// Alarms ordered by their due time. Adding, moving or taking an alarm costs the same with ten alarms as with a million.
/// </summary>
/// <remarks>
/// <para>
/// A hierarchical timing wheel. A tick is written as six digits in base 256. Each level of the wheel represents one digit:
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
/// An alarm is in the level of the highest digit in which it differs from now. All alarms in a level are therefore due before
/// those in the level above, no level wraps around, and the earliest bucket is the first set bit in the bitmap of all buckets.
/// When now reaches a bucket above level 0, its alarms move to the levels below ("spill"), at most five times per alarm. Empty
/// slots cost nothing: a jump of an hour visits only occupied buckets.
/// </para>
/// <para>
/// Sources: G. Varghese and T. Lauck, "Hashed and Hierarchical Timing Wheels", SOSP 1987. Computing the level with an
/// exclusive-or, and the bitmap, are from tokio (runtime/time/wheel). Linux removed spilling in 2016 and accepts inexact far
/// timers, which does not suit a loop that runs "every day at 03:00". Netty's HashedWheelTimer wakes for every tick, which an
/// idle process should not do.
/// </para>
/// <para>The owner provides the clock, the threads and the alarms.</para>
/// </remarks>
internal sealed class TimingWheel<TNodes>(TNodes nodes)
    where TNodes : struct, IWheelNodes
{
    private const int Levels = 6;
    private const int DigitBits = 8;
    private const int SlotsPerLevel = 1 << DigitBits;
    private const int NoBucket = -1;

    /// <summary>
    /// The maximum number of alarms that one <see cref="TakeDue"/> spills, because the pacemaker's lock is held meanwhile (0.2
    /// ms).
    /// </summary>
    private const int SpillLimit = 2_048;

    // Linked lists, first in first out. They touch as few other alarms as possible, because each is a cache miss.
    private readonly Bucket[] _buckets = new Bucket[Levels * SlotsPerLevel];
    private BucketSet _occupied = new(Levels * SlotsPerLevel);
    private int _spilling = NoBucket;   // a bucket that is spilled in several calls; it stays the earliest until it is empty
    private long _position;             // all alarms due before it are taken; the digits of alarms are compared with it

    /// <summary>The latest time passed to the wheel. The position follows when due alarms are taken.</summary>
    public long Now { get; private set; }

    public int Count { get; private set; }

    /// <summary>
    /// No alarm is due before this tick; one may be due at it. <see cref="TickScale.Never"/> when there is none.
    /// </summary>
    public long EarliestTick => _occupied.IsEmpty ? TickScale.Never : FirstTickOf(EarliestBucket);

    public void AdvanceTo(long now)
    {
        Now = Math.Max(Now, now);
        if (EarliestTick > Now)
            _position = Now;
    }

    /// <summary>Adds an alarm that is not in the wheel. A late alarm is queued after those that are already due.</summary>
    public void Add(int node, long tick)
    {
        Count++;
        if (tick >= TickScale.Never)
        {
            nodes.Links(node).Bucket = WheelLinks.Forever;
            return;
        }
        nodes.SetTick(node, Math.Max(tick, Now));
        Link(node, Math.Max(tick, Now));
    }

    public bool Remove(int node)
    {
        ref var links = ref nodes.Links(node);
        if (links.Bucket == WheelLinks.NotArmed)
            return false;
        if (links.Bucket != WheelLinks.Forever)
            Unlink(node);
        links.Bucket = WheelLinks.NotArmed;
        Count--;
        return true;
    }

    /// <summary>
    /// Removes and returns the first due alarm. When zero while <see cref="EarliestTick"/> has come, a bucket is being spilled:
    /// call again.
    /// </summary>
    public int TakeDue()
    {
        while (EarliestTick is var tick && tick <= Now)
        {
            _position = tick;
            var bucket = EarliestBucket;
            if (bucket < SlotsPerLevel)
            {
                var node = _buckets[bucket].First;
                Remove(node);
                return node;
            }
            if (!TrySpill(bucket))
                return 0;
        }
        _position = Now;
        return 0;
    }

    private int EarliestBucket => _spilling != NoBucket ? _spilling : _occupied.Least;

    /// <summary>
    /// The first tick of a bucket: the position's digits above the bucket's level, the bucket's slot, then zeros.
    /// </summary>
    private long FirstTickOf(int bucket)
    {
        var shift = bucket / SlotsPerLevel * DigitBits;
        var slot = (long)(bucket % SlotsPerLevel);
        return (_position >> shift + DigitBits << DigitBits | slot) << shift;
    }

    /// <summary>
    /// The bucket of a tick: the level of the highest digit that differs from the position's, and in it the slot of that digit.
    /// </summary>
    private int BucketOf(long tick)
    {
        var level = BitOperations.Log2((ulong)(tick ^ _position) | 1) / DigitBits;
        var slot = (int)(tick >> level * DigitBits & (SlotsPerLevel - 1));
        return level * SlotsPerLevel + slot;
    }

    /// <summary>Moves the alarms of a bucket to the levels below. False when some remain.</summary>
    private bool TrySpill(int bucket)
    {
        _spilling = bucket;
        for (var left = SpillLimit; left > 0 && _buckets[bucket].First is var node and not 0; left--)
        {
            Unlink(node);
            Link(node, nodes.TickOf(node, _position));
        }
        return _spilling == NoBucket;
    }

    private void Link(int node, long tick)
    {
        var bucket = BucketOf(tick);
        ref var ends = ref _buckets[bucket];
        ref var links = ref nodes.Links(node);
        (links.Bucket, links.Previous, links.Next) = (bucket, ends.Last, 0);
        if (ends.Last != 0)
        {
            nodes.Links(ends.Last).Next = node;
        }
        else
        {
            ends.First = node;
            _occupied.Add(bucket);
        }
        ends.Last = node;
    }

    private void Unlink(int node)
    {
        ref var links = ref nodes.Links(node);
        ref var ends = ref _buckets[links.Bucket];
        if (links.Next != 0)
            nodes.Links(links.Next).Previous = links.Previous;
        else
            ends.Last = links.Previous;
        if (links.Previous != 0)
            nodes.Links(links.Previous).Next = links.Next;
        else
            ends.First = links.Next;
        if (ends.First != 0)
            return;
        _occupied.Remove(links.Bucket);
        if (_spilling == links.Bucket)
            _spilling = NoBucket;
    }

    private struct Bucket
    {
        public int First;
        public int Last;
    }
}
