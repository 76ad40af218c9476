using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of the keys of a task.</summary>
internal static class KeysHandler
{
    private const int PageSize = 50;

    private static readonly ApiParameter<KeySelection?> Show =
        ApiParameters.Enumeration<KeySelection>("show", "Which keys.");

    private static readonly ApiParameter<string> Prefix = ApiParameters.Text("prefix", "The beginning of the text of a key.");

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var (query, api) = (request.Query, request.Api);
        var (task, show) = (query.Read(ApiParameters.Task.Required), query.Read(Show) ?? KeySelection.All);
        var (prefix, cursor) = (query.Read(Prefix), query.Read(ApiParameters.Cursor));
        if (query.Refusal is { } refusal)
            return refusal;
        var name = await api.RequireTaskAsync(task!).ConfigureAwait(false);
        var filter = new KeyQuery
        {
            TaskName = name,
            Prefix = prefix,
            Filter = FilterOf(show),
            Order = OrderOf(show),
            Cursor = cursor,
            PageSize = PageSize,
        };
        var handle = api.Tasks.Find(name);
        var page = handle is null
            ? await StoredKeyReader.QueryAsync(api, filter).ConfigureAwait(false)
            : await request.Reads.GetAsync(filter, _ => Task.FromResult(api.Reader.QueryKeys(filter)), api.Aborted)
                .ConfigureAwait(false);
        var errors = await api.GetErrorFilterAsync().ConfigureAwait(false);
        var model = new KeysModel
        {
            Task = name,
            Counts = handle is null ? null : await CountAsync(request, handle).ConfigureAwait(false),
            Page = page with { Keys = [.. page.Keys.Select(errors.Filter)] },
            Show = show,
            Prefix = prefix,
            Cursor = cursor,
            HasOperations = handle is not null && api.Permissions.HasOperations,
        };
        return request.Page($"Keys of {name}", KeysPage.Render(request.View, model));
    }

    // Counting visits all keys, so viewers share the result.
    private static Task<KeyCounts?> CountAsync(PageRequest request, RecurringTaskHandle handle) => request.Reads.GetAsync(
        (nameof(KeyCounts), handle.Name), _ => Task.FromResult(handle.Snapshot().Keys), request.Api.Aborted);

    private static LoopFilter FilterOf(KeySelection show) => show switch
    {
        KeySelection.Failing => LoopFilter.Failing,
        KeySelection.Paused => LoopFilter.Paused,
        KeySelection.Ended => LoopFilter.Ended,
        _ => LoopFilter.All,
    };

    private static KeyOrder OrderOf(KeySelection show) => show switch
    {
        KeySelection.Failing => KeyOrder.Failures,
        KeySelection.Slowest => KeyOrder.Duration,
        _ => KeyOrder.None,
    };
}
