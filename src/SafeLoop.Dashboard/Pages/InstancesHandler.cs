using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of the hosts of the application.</summary>
internal static class InstancesHandler
{
    /// <summary>How many hours the charts go back unless the viewer says otherwise.</summary>
    public const int UsualHours = 6;

    private const int PageSize = 20, MostHours = 72;

    private static readonly object Key = new();

    private static readonly ApiParameter<Guid?> Only = ApiParameters.Guid("instance", "Only this host.");

    private static readonly ApiParameter<int> Hours =
        ApiParameters.Number("hours", "How many hours the charts go back.", 1, MostHours, UsualHours);

    private static readonly ApiParameter<int> Page = ApiParameters.Number("page", "The number of the page.", 1, 100, 1);

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var query = request.Query;
        var (only, hours, page) = (query.Read(Only), query.Read(Hours), query.Read(Page));
        if (query.Refusal is { } refusal)
            return refusal;
        var api = request.Api;
        var all = await request.Reads.GetAsync(
            Key,
            async cancellationToken => await api.Reader.QueryInstancesAsync(cancellationToken).ConfigureAwait(false),
            api.Aborted).ConfigureAwait(false);
        var found = all.Where(instance => only is null || instance.Id == only).ToList();
        var trends = new List<InstanceTrend>();
        foreach (var instance in found.Skip((page - 1) * PageSize).Take(PageSize))
            trends.Add(await ReadTrendAsync(request, instance, TimeSpan.FromHours(hours)).ConfigureAwait(false));
        return request.Page("Instances", InstancesPage.Render(request.View, new()
        {
            Instances = trends,
            Only = only,
            Hours = hours,
            Page = page,
            HasNext = found.Count > page * PageSize,
        }));
    }

    private static async Task<InstanceTrend> ReadTrendAsync(PageRequest request, RecurringTaskInstance instance, TimeSpan span)
    {
        var last = instance.LastHeartbeat;
        var to = last.AddMinutes(1).AddTicks(-(last.Ticks % TimeSpan.TicksPerMinute)); // equal for all who look within the minute
        var query = new SampleQuery { Instance = instance.Id, From = to - span, To = to };
        var samples = await request.Reads.GetAsync(
            query,
            async cancellationToken =>
                await request.Api.Reader.QuerySamplesAsync(query, cancellationToken).ConfigureAwait(false),
            request.Api.Aborted).ConfigureAwait(false);
        var trend = samples.Samples.Reverse().ToList();
        if (instance.LastSample is { } latest && !(trend.LastOrDefault()?.Taken >= latest.Taken))
            trend.Add(latest);
        return new(instance, InstanceView.Of(instance).IsThis, trend);
    }
}
