using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The cluster of this host: its members, and who owns which shard.</summary>
internal static class ClusterEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "cluster",
            Name = "GetCluster",
            Summary = "Returns the members of the cluster and the tasks of each; 404 when the host is in no cluster.",
            Response = typeof(ClusterView),
            Handle = GetAsync,
        },
        new()
        {
            Path = "shards",
            Name = "ListShards",
            Summary = "Returns the shards of a task: who owns each since when, and why it moved last.",
            Parameters = [ApiParameters.Task.Required],
            Response = typeof(ShardList),
            Handle = ListAsync,
        },
    ];

    private static Task<IResult> GetAsync(ApiRequest request)
    {
        var view = new ClusterView { Members = ClusterReader.Require(request.Context.RequestServices).Members };
        return Task.FromResult<IResult>(new ApiResult<ClusterView>(view, ApiJson.Default.ClusterView));
    }

    private static async Task<IResult> ListAsync(ApiRequest request)
    {
        var task = request.Query.Read(ApiParameters.Task.Required);
        if (request.Query.Refusal is { } refusal)
            return refusal;
        var cluster = ClusterReader.Require(request.Context.RequestServices);
        var shards = await cluster.QueryShardsAsync(task, request.Aborted).ConfigureAwait(false);
        return new ApiResult<ShardList>(new() { Shards = shards }, ApiJson.Default.ShardList);
    }
}
