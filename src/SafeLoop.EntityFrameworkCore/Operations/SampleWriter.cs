using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Saves samples: of each minute, the one with the largest heap.</summary>
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
        var rows = db.Set<SampleRow>().Where(s => s.Instance == instance && s.Minute == minute);
        var kept = await rows.Select(s => (long?)s.HeapSize).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (kept >= size)
            return; // the usual case, because the size changes only with a full collection
        if (kept is not null)
        {
            await rows.ExecuteUpdateAsync(
                set => set.SetProperty(s => s.HeapSize, size).SetProperty(s => s.HeapLimit, limit)
                    .SetProperty(s => s.Loops, loops),
                cancellationToken).ConfigureAwait(false);
            return;
        }
        db.Add(new SampleRow { Instance = instance, Minute = minute, HeapSize = size, HeapLimit = limit, Loops = loops });
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }
}
