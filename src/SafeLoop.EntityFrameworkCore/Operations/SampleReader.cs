using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads pages of the samples of an instance.</summary>
internal sealed class SampleReader(StoreDatabase database, TaskCatalog tasks)
{
    public async Task<SamplePage> QueryAsync(SampleQuery query, CancellationToken cancellationToken)
    {
        var before = ParseCursor(query.Cursor);
        var rows = await database.ReadAsync(async (db, cancel) =>
        {
            var number = await db.Set<InstanceRow>().Where(i => i.Id == query.Instance && i.Application == tasks.Application)
                .Select(i => i.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            return number == 0 ? [] : await Select(db, query, number, before).Take(query.PageSize + 1).ToListAsync(cancel)
                .ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        var hasMore = rows.Count > query.PageSize;
        if (hasMore)
            rows.RemoveAt(query.PageSize);
        return new()
        {
            Samples = rows.ConvertAll(ToSample),
            Cursor = hasMore ? rows[^1].Minute.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    /// <summary>The rows of a query: the primary key has their order.</summary>
    public static IQueryable<SampleRow> Select(DbContext db, SampleQuery query, int instance, long? before)
    {
        var (first, end) = (SampleWriter.MinuteOf(Micros.Of(query.From)), before ?? Micros.Of(query.To));
        return db.Set<SampleRow>().Where(s => s.Instance == instance && s.Minute >= first && s.Minute < end)
            .OrderByDescending(s => s.Minute);
    }

    private static InstanceSample ToSample(SampleRow row) => new()
    {
        Taken = Micros.ToInstant(row.Minute),
        HeapSize = row.HeapSize,
        HeapLimit = row.HeapLimit,
        Loops = row.Loops,
    };

    private static long? ParseCursor(string? cursor) => cursor is null ? null
        : long.TryParse(cursor, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minute) ? minute
        : throw new ArgumentException(
            "The cursor is not one of a page of samples. Pass the Cursor of the page before, or null for the first page.",
            "query");
}
