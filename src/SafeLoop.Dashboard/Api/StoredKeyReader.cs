namespace SafeLoop.Dashboard;

/// <summary>The keys that the store has of a task, as the keys of this host are shown.</summary>
internal static class StoredKeyReader
{
    public static async Task<KeyPage> QueryAsync(ApiRequest request, KeyQuery query)
    {
        var page = await request.Reader.QueryLoopsAsync(
            new()
            {
                TaskName = query.TaskName,
                Prefix = query.Prefix,
                Filter = query.Filter,
                PageSize = query.PageSize,
                Cursor = query.Cursor,
            },
            request.Aborted).ConfigureAwait(false);
        return new() { Keys = [.. page.Loops.Select(StoredSnapshot.Of)], Cursor = page.Cursor };
    }
}
