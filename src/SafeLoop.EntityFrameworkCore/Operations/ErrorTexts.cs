using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Keeps the text of an error once for all that are alike: of the same type and thrown by the same frames.</summary>
internal static class ErrorTexts
{
    private const int LongestDetails = 16_000;

    /// <summary>Saves the texts of entries.</summary>
    /// <returns>Of each entry with an error the fingerprint, and its message where that of the fingerprint is another.</returns>
    public static async Task<Dictionary<HistoryEntry, (long Fingerprint, string? Message)>> SaveAsync(
        StoreContext db, string application, IReadOnlyList<HistoryEntry> entries, long now,
        CancellationToken cancellationToken)
    {
        var result = new Dictionary<HistoryEntry, (long, string?)>(ReferenceEqualityComparer.Instance);
        var alike = entries.Where(HasError).GroupBy(entry => Fingerprint(application, entry))
            .OrderBy(group => group.Key).ToArray();
        if (alike.Length == 0)
            return result;

        var fingerprints = alike.Select(group => group.Key).ToArray();
        var messages = await db.Set<ErrorRow>().Where(e => fingerprints.Contains(e.Fingerprint))
            .ToDictionaryAsync(e => e.Fingerprint, e => e.Message, cancellationToken).ConfigureAwait(false);
        foreach (var group in alike)
        {
            var times = group.LongCount();
            if (!messages.TryGetValue(group.Key, out var message))
                db.Add(ToRow(application, group.First(), group.Key, now, times, out message));
            else
                await db.Set<ErrorRow>().Where(e => e.Fingerprint == group.Key).ExecuteUpdateAsync(set => set
                    .SetProperty(e => e.LastSeen, now).SetProperty(e => e.Times, e => e.Times + times), cancellationToken)
                    .ConfigureAwait(false);
            foreach (var entry in group)
            {
                var own = StoredText.Clean(entry.Record.Error);
                result[entry] = (group.Key, own == message ? null : own);
            }
        }
        return result;
    }

    /// <summary>The frames of an exception's text, without messages.</summary>
    public static string FramesOf(string? details) => details is null ? "" : string.Join('\n', details
        .Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith("   ", StringComparison.Ordinal)));

    private static bool HasError(HistoryEntry entry) =>
        entry.Record.Error is not null || entry.ErrorType is not null || entry.ErrorDetails is not null;

    private static long Fingerprint(string application, HistoryEntry entry)
    {
        var frames = FramesOf(entry.ErrorDetails);
        return StoredText.Hash($"{application}\n{entry.ErrorType}\n{(frames.Length > 0 ? frames : entry.Record.Error)}");
    }

    private static ErrorRow ToRow(
        string application, HistoryEntry entry, long fingerprint, long now, long times, out string? message) => new()
    {
        Application = application,
        Fingerprint = fingerprint,
        FirstSeen = now,
        LastSeen = now,
        Times = times,
        Type = StoredText.Clean(entry.ErrorType),
        Message = message = StoredText.Clean(entry.Record.Error),
        Details = StoredText.Clean(entry.ErrorDetails, LongestDetails),
    };
}
