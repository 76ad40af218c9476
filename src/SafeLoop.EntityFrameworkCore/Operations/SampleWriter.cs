using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Keeps of each minute the sample with the largest heap.</summary>
internal static class SampleWriter
{
    private const long Minute = 60_000_000;

    /// <summary>The beginning of the minute of an instant.</summary>
    public static long MinuteOf(long micros) => micros - (((micros % Minute) + Minute) % Minute);

    /// <param name="db">The context, in the transaction of the heartbeat.</param>
    /// <param name="instance">The number of the instance.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="now">The time of the database.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task SaveAsync(
        StoreContext db, int instance, InstanceSample sample, long now, CancellationToken cancellationToken)
    {
        var (minute, size, limit, loops) = (MinuteOf(now), sample.HeapSize, sample.HeapLimit, sample.Loops);
        var updated = await db.Set<SampleRow>().Where(s => s.Instance == instance && s.Minute == minute)
            .ExecuteUpdateAsync(set => set
                .SetProperty(s => s.Loops, s => s.HeapSize < size ? loops : s.Loops)
                .SetProperty(s => s.HeapLimit, s => s.HeapSize < size ? limit : s.HeapLimit)
                .SetProperty(s => s.HeapSize, s => s.HeapSize < size ? size : s.HeapSize), cancellationToken)
            .ConfigureAwait(false);
        if (updated != 0)
            return;
        db.Add(new SampleRow { Instance = instance, Minute = minute, HeapSize = size, HeapLimit = limit, Loops = loops });
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }
}
