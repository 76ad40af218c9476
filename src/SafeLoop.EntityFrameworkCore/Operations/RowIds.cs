namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Makes the ids of rows: 32 bits of the instance's number, and 32 that count. The highest bit of the count is set in a row that
/// one instance writes for another, so that the other does not write the same id. Two instances that write for a third may; the
/// transaction of the second then fails, and is repeated with new ids.
/// </summary>
internal sealed class RowIds(TimeProvider time)
{
    private const int InstanceShift = 32;
    private const long ForOther = 1L << (InstanceShift - 1);

    private long _ahead; // the database's clock minus ours, in microseconds
    private long _count = time.GetUtcNow().ToUnixTimeMilliseconds(); // not that of another store of the same instance

    /// <summary>The present time of the database, from when it was read last and the clock of this process.</summary>
    public long EstimatedNow => Micros.Of(time.GetUtcNow()) + Volatile.Read(ref _ahead);

    public void Observe(long databaseNow) => Volatile.Write(ref _ahead, databaseNow - Micros.Of(time.GetUtcNow()));

    /// <param name="instance">The number of the instance that a row is about.</param>
    /// <param name="writer">The number of the instance that writes it.</param>
    public long Next(int instance, int writer)
    {
        var count = Interlocked.Increment(ref _count) & (ForOther - 1);
        return ((long)instance << InstanceShift) | (instance == writer ? 0 : ForOther) | count;
    }

    public static int InstanceOf(long id) => (int)(id >> InstanceShift);

    /// <summary>The least and the greatest id of an instance.</summary>
    public static (long First, long Last) RangeOf(int instance) =>
        ((long)instance << InstanceShift, ((long)instance << InstanceShift) | uint.MaxValue);
}
