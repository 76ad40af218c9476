using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of the hosts of the application.</summary>
internal static class InstancesHandler
{
    private static readonly object Key = new();

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var api = request.Api;
        var instances = await request.Reads.GetAsync(
            Key,
            async cancellationToken => await api.Reader.QueryInstancesAsync(cancellationToken).ConfigureAwait(false),
            api.Aborted).ConfigureAwait(false);
        var size = GC.GetTotalMemory(forceFullCollection: false);
        var heap = request.Reads.Heap.Add(request.View.Now, size);
        return request.Page("Instances", InstancesPage.Render(
            request.View, new([.. instances.Select(instance => InstanceView.Of(instance, api.Tasks, size))], heap)));
    }
}
