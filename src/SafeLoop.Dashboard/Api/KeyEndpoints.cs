using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The keys of a keyed task.</summary>
internal static class KeyEndpoints
{
    private static readonly ApiParameter<string> Prefix = ApiParameters.Text("prefix", "The beginning of the text of a key.");

    private static readonly ApiParameter<LoopFilter?> State =
        ApiParameters.Enumeration<LoopFilter>("state", "Only keys in this condition.");

    private static readonly ApiParameter<KeyOrder?> Order =
        ApiParameters.Enumeration<KeyOrder>("order", "The order. Any but None visits every key, and has one page.");

    private static readonly ApiParameter<bool> Stored = ApiParameters.Flag(
        "stored", "True: keys that are stored, from all hosts: those that are paused, failing, ended or remembered.");

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "keys",
            Name = "QueryKeys",
            Summary = "Returns keys of a task. A page may be short, or empty, and have a cursor all the same.",
            Parameters =
            [
                ApiParameters.Task.Required, Prefix, State, Order, Stored, ApiParameters.Cursor, ApiParameters.PageSize,
            ],
            Response = typeof(KeyPage),
            Handle = QueryAsync,
        },
    ];

    private static async Task<IResult> QueryAsync(ApiRequest request)
    {
        var query = request.Query;
        var filter = new KeyQuery
        {
            TaskName = query.Read(ApiParameters.Task.Required) ?? "",
            Prefix = query.Read(Prefix),
            Filter = query.Read(State) ?? LoopFilter.All,
            Order = query.Read(Order) ?? KeyOrder.None,
            Cursor = query.Read(ApiParameters.Cursor),
            PageSize = query.Read(ApiParameters.PageSize),
        };
        var isStored = query.Read(Stored);
        if (query.Refusal is { } refusal)
            return refusal;
        var page = isStored || request.Tasks.Find(filter.TaskName) is null
            ? await ReadStoredAsync(request, filter).ConfigureAwait(false)
            : request.Reader.QueryKeys(filter);
        var errors = await request.GetErrorFilterAsync().ConfigureAwait(false);
        page = page with { Keys = [.. page.Keys.Select(errors.Filter)] };
        return new ApiResult<KeyPage>(page, ApiJson.Default.KeyPage);
    }

    private static async Task<KeyPage> ReadStoredAsync(ApiRequest request, KeyQuery query)
    {
        await request.RequireTaskAsync(query.TaskName).ConfigureAwait(false);
        return await StoredKeyReader.QueryAsync(request, query).ConfigureAwait(false);
    }
}
