using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The hosts of the application, the memory of each over time, and the totals of all of them.</summary>
internal static class InstanceEndpoints
{
    // 31 days of all tasks are some ten thousand rows per ten tasks; charts of one task may go back further.
    private static readonly TimeSpan LongestOfAll = TimeSpan.FromDays(31), LongestOfOne = TimeSpan.FromDays(400);

    private static readonly ApiParameter<int> PageSize =
        ApiParameters.Number("pageSize", "The most rows of the page.", 1, 10_000, 5_000);

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "instances",
            Name = "ListInstances",
            Summary = "Returns the hosts of the application, with heartbeat, heap, loops and version, the last started first.",
            Response = typeof(InstanceList),
            Handle = ListAsync,
        },
        new()
        {
            Path = "samples",
            Name = "QuerySamples",
            Summary = "Returns the heap of a host, its limit and the number of loops over time, one sample a minute, the latest "
                + "first; also of a host that has ended.",
            Parameters =
            [
                ApiParameters.Instance.Required, ApiParameters.From.Required, ApiParameters.To.Required, ApiParameters.Cursor,
                PageSize,
            ],
            Response = typeof(SamplePage),
            Handle = QuerySamplesAsync,
        },
        new()
        {
            Path = "totals",
            Name = "QueryTotals",
            Summary = "Returns totals per hour, the latest hour first: of one task, or of all for at most 31 days.",
            Parameters =
            [
                ApiParameters.Task, ApiParameters.From.Required, ApiParameters.To.Required, ApiParameters.Cursor, PageSize,
            ],
            Response = typeof(TotalPage),
            Handle = QueryAsync,
        },
    ];

    private static async Task<IResult> ListAsync(ApiRequest request)
    {
        var instances = await request.Reader.QueryInstancesAsync(request.Aborted).ConfigureAwait(false);
        var list = new InstanceList { Instances = [.. instances.Select(InstanceView.Of)] };
        return new ApiResult<InstanceList>(list, ApiJson.Default.InstanceList);
    }

    private static async Task<IResult> QuerySamplesAsync(ApiRequest request)
    {
        var query = request.Query;
        var (instance, cursor, pageSize) =
            (query.Read(ApiParameters.Instance.Required), query.Read(ApiParameters.Cursor), query.Read(PageSize));
        var (from, to) = (query.Read(ApiParameters.From.Required), query.Read(ApiParameters.To.Required));
        if (query.Refusal is { } refusal)
            return refusal;
        var filter = new SampleQuery
        {
            Instance = instance!.Value,
            From = from!.Value,
            To = to!.Value,
            Cursor = cursor,
            PageSize = pageSize,
        };
        var page = await request.Reader.QuerySamplesAsync(filter, request.Aborted).ConfigureAwait(false);
        return new ApiResult<SamplePage>(page, ApiJson.Default.SamplePage);
    }

    private static async Task<IResult> QueryAsync(ApiRequest request)
    {
        var query = request.Query;
        var (task, cursor, pageSize) = (query.Read(ApiParameters.Task), query.Read(ApiParameters.Cursor), query.Read(PageSize));
        var (from, to) = (query.Read(ApiParameters.From.Required), query.Read(ApiParameters.To.Required));
        var longest = task is null ? LongestOfAll : LongestOfOne;
        if (to - from > longest)
            query.Add($"From from to to are at most {longest.Days} days. Shorten the range, or name a task.");
        if (query.Refusal is { } refusal)
            return refusal;
        var filter = new TotalQuery
        {
            TaskName = task,
            From = from!.Value,
            To = to!.Value,
            Cursor = cursor,
            PageSize = pageSize,
        };
        var page = await request.Reader.QueryTotalsAsync(filter, request.Aborted).ConfigureAwait(false);
        return new ApiResult<TotalPage>(page, ApiJson.Default.TotalPage);
    }
}
