using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The tasks and their state.</summary>
internal static class TaskEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "tasks",
            Name = "ListTasks",
            Summary = "Lists the tasks of this host, by name.",
            Parameters = [ApiParameters.Filter, ApiParameters.State, ApiParameters.Cursor, ApiParameters.PageSize],
            Response = typeof(TaskPage),
            Handle = ListAsync,
        },
        new()
        {
            Path = "task",
            Name = "GetTask",
            Summary = "Returns one task, or one key of a keyed task.",
            Parameters = [ApiParameters.Task.Required],
            Response = typeof(TaskDetail),
            Handle = GetAsync,
        },
    ];

    private static async Task<IResult> ListAsync(ApiRequest request)
    {
        var query = request.Query;
        var (text, state) = (query.Read(ApiParameters.Filter), query.Read(ApiParameters.State));
        var (cursor, pageSize) = (query.Read(ApiParameters.Cursor), query.Read(ApiParameters.PageSize));
        if (query.Refusal is { } refusal)
            return refusal;
        var reader = new TaskReader(request.Tasks, await request.GetErrorFilterAsync().ConfigureAwait(false));
        return new ApiResult<TaskPage>(reader.ReadPage(text, state, cursor, pageSize), ApiJson.Default.TaskPage);
    }

    private static async Task<IResult> GetAsync(ApiRequest request)
    {
        var name = request.Query.Read(ApiParameters.Task.Required);
        if (request.Query.Refusal is { } refusal)
            return refusal;
        var handle = request.Tasks[name!];
        var reader = new TaskReader(request.Tasks, await request.GetErrorFilterAsync().ConfigureAwait(false));
        var allowed = await AllowedOperations.FindAsync(request.Permissions, handle.Name, null).ConfigureAwait(false);
        return new ApiResult<TaskDetail>(reader.ReadDetail(handle, allowed), ApiJson.Default.TaskDetail);
    }
}
