namespace SafeLoop.Dashboard;

/// <summary>Reads history for pages, once for all who look at the same at this time.</summary>
internal static class HistoryReader
{
    public static async Task<HistoryPage> QueryAsync(PageRequest request, HistoryQuery query)
    {
        var history = request.Api.History;
        var page = await request.Reads.GetAsync(
            query,
            async cancellationToken => await history.QueryAsync(query, cancellationToken).ConfigureAwait(false),
            request.Api.Aborted).ConfigureAwait(false);
        var errors = await request.Api.GetErrorFilterAsync().ConfigureAwait(false);
        return page with { Entries = [.. page.Entries.Select(errors.Filter)] };
    }
}
