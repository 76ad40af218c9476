namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Makes the ids of rows that are deleted in the order of their age: 43 bits of milliseconds on the database's clock, 10 of the
/// instance's number and 10 that count. Two instances whose numbers differ by a multiple of 1024 may make the same id in the same
/// millisecond; the transaction of the second then fails, and is repeated with new ones.
/// </summary>
internal sealed class RowIds(TimeProvider time)
{
    private const int Bits = 10;
    private const int Mask = (1 << Bits) - 1;
    private const int MicrosPerMillisecond = 1000;

    private long _ahead; // the database's clock minus ours, in microseconds
    private long _last; // milliseconds and count

    /// <summary>The present time of the database, from when it was read last and the clock of this process.</summary>
    public long EstimatedNow => Micros.Of(time.GetUtcNow()) + Volatile.Read(ref _ahead);

    public void Observe(long databaseNow) => Volatile.Write(ref _ahead, databaseNow - Micros.Of(time.GetUtcNow()));

    public long Next(int instance)
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, EstimatedNow / MicrosPerMillisecond << Bits);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next >> Bits << (2 * Bits) | (long)(instance & Mask) << Bits | next & Mask;
        }
    }

    /// <summary>The smallest id of an instant.</summary>
    public static long FirstAt(long micros) => Math.Max(0, micros / MicrosPerMillisecond) << (2 * Bits);
}
