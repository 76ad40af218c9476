using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of the cluster: its members, how the shards are spread, and what moved last.</summary>
internal static class ClusterHandler
{
    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var (query, api) = (request.Query, request.Api);
        var task = query.Read(ApiParameters.Task);
        if (query.Refusal is { } refusal)
            return refusal;
        var cluster = ClusterReader.Require(request.Context.RequestServices);
        IReadOnlyList<ClusterShard>? shards;
        try
        {
            shards = await ClusterReader.ReadShardsAsync(request.Reads, cluster, task, api.Time, api.Aborted)
                .ConfigureAwait(false);
        }
        catch (Exception error) when (error is not KeyNotFoundException && !api.Aborted.IsCancellationRequested)
        {
            shards = null; // the store is user code and may be down; the members are known nevertheless
        }
        return request.Page("Cluster", ClusterPage.Render(
            request.View, new() { Members = cluster.Members, Task = task, Shards = shards }));
    }
}
