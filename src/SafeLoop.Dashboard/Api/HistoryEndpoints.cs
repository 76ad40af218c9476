using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>What tasks have done, and why they did not run.</summary>
internal static class HistoryEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "history",
            Name = "QueryHistory",
            Summary = "Returns the history of all tasks, of one task or of one key, newest slot first.",
            Parameters =
            [
                ApiParameters.Task, ApiParameters.Key, ApiParameters.Outcome, ApiParameters.Reason, ApiParameters.From,
                ApiParameters.To, ApiParameters.OnlyUnsuccessful, ApiParameters.OldestFirst, ApiParameters.Cursor,
                ApiParameters.PageSize,
            ],
            Response = typeof(HistoryPage),
            Handle = QueryAsync,
        },
        new()
        {
            Path = "slot",
            Name = "ExplainSlot",
            Summary = "Explains what a task did at an instant, and why it did not run.",
            Parameters = [ApiParameters.Task.Required, ApiParameters.Key, ApiParameters.At.Required],
            Response = typeof(SlotExplanation),
            Handle = ExplainAsync,
        },
    ];

    private static async Task<IResult> QueryAsync(ApiRequest request)
    {
        var query = request.Query;
        var filter = new HistoryQuery
        {
            TaskName = query.Read(ApiParameters.Task),
            Key = query.Read(ApiParameters.Key),
            Outcome = query.Read(ApiParameters.Outcome),
            Reason = query.Read(ApiParameters.Reason),
            From = query.Read(ApiParameters.From),
            To = query.Read(ApiParameters.To),
            OnlyUnsuccessful = query.Read(ApiParameters.OnlyUnsuccessful),
            OldestFirst = query.Read(ApiParameters.OldestFirst),
            Cursor = query.Read(ApiParameters.Cursor),
            PageSize = query.Read(ApiParameters.PageSize),
        };
        if (query.Refusal is { } refusal)
            return refusal;
        var page = await request.History.QueryAsync(filter, request.Aborted).ConfigureAwait(false);
        var errors = await request.GetErrorFilterAsync().ConfigureAwait(false);
        page = page with { Entries = [.. page.Entries.Select(errors.Filter)] };
        return new ApiResult<HistoryPage>(page, ApiJson.Default.HistoryPage);
    }

    private static async Task<IResult> ExplainAsync(ApiRequest request)
    {
        var query = request.Query;
        var (task, key) = (query.Read(ApiParameters.Task.Required), query.Read(ApiParameters.Key));
        var at = query.Read(ApiParameters.At.Required);
        if (query.Refusal is { } refusal)
            return refusal;
        var explanation = await request.History.ExplainAsync(task!, at!.Value, key, request.Aborted).ConfigureAwait(false);
        var errors = await request.GetErrorFilterAsync().ConfigureAwait(false);
        return new ApiResult<SlotExplanation>(errors.Filter(explanation), ApiJson.Default.SlotExplanation);
    }
}
