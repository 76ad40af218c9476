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
            request.View, new([.. instances.Select(instance => View(instance, api, size))], heap)));
    }

    private static InstanceView View(RecurringTaskInstance instance, ApiRequest api, long size)
    {
        var isThis = instance.State is RecurringTaskInstanceState.Running && instance.ProcessId == Environment.ProcessId
            && instance.Host == Environment.MachineName;
        return !isThis ? new() { Instance = instance, IsThis = false } : new()
        {
            Instance = instance,
            IsThis = true,
            HeapSize = size,
            HeapLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Loops = api.Tasks.All.Count,
        };
    }
}
