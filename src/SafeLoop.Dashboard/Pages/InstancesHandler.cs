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
        page = Math.Clamp(page, 1, Math.Max(1, (found.Count + PageSize - 1) / PageSize)); // hosts may have gone since
        var trends = new List<InstanceTrend>();
        foreach (var instance in found.Skip((page - 1) * PageSize).Take(PageSize))
            trends.Add(await ReadTrendAsync(request, instance, hours).ConfigureAwait(false));
        return request.Page("Instances", InstancesPage.Render(request.View, new()
        {
            Instances = trends,
            Only = only,
            Hours = hours,
            Page = page,
            HasNext = found.Count > page * PageSize,
        }));
    }

    private static async Task<InstanceTrend> ReadTrendAsync(PageRequest request, RecurringTaskInstance instance, int hours)
    {
        var samples = await request.Reads.GetAsync(
            (instance.Id, hours), // what is shared is thinned, and replaced by the next reading: it stays small
            cancellationToken => ReadSamplesAsync(request.Api.Reader, instance, hours, cancellationToken),
            request.Api.Aborted).ConfigureAwait(false);
        var trend = instance.LastSample is { } latest && !(samples.LastOrDefault()?.Taken >= latest.Taken)
            ? [.. samples, latest]
            : samples;
        return new(instance, InstanceView.Of(instance).IsThis, trend);
    }

    private static async Task<IReadOnlyList<InstanceSample>> ReadSamplesAsync(
        IRecurringTaskReader reader, RecurringTaskInstance instance, int hours, CancellationToken cancellationToken)
    {
        var (last, back) = (instance.LastHeartbeat, TimeSpan.FromHours(hours));
        var query = new SampleQuery
        {
            Instance = instance.Id,
            From = last - DateTimeOffset.MinValue > back ? last - back : DateTimeOffset.MinValue,
            To = last < DateTimeOffset.MaxValue ? last.AddTicks(1) : last,
        };
        var page = await reader.QuerySamplesAsync(query, cancellationToken).ConfigureAwait(false);
        return HeapScale.Thin([.. page.Samples.Reverse()]);
    }
}
