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
            Summary = "Lists the tasks of this host and those that are stored, by name.",
            Parameters = [ApiParameters.Filter, ApiParameters.State, ApiParameters.Cursor, ApiParameters.PageSize],
            Response = typeof(TaskPage),
            Handle = ListAsync,
        },
        new()
        {
            Path = "task",
            Name = "GetTask",
            Summary = "Returns one task, or one key of a keyed task, and what the user may do to it.",
            Parameters = [ApiParameters.Task.Required, ApiParameters.Key],
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
        var reader = await request.CreateTaskReaderAsync().ConfigureAwait(false);
        return new ApiResult<TaskPage>(reader.ReadPage(text, state, cursor, pageSize), ApiJson.Default.TaskPage);
    }

    private static async Task<IResult> GetAsync(ApiRequest request)
    {
        var (task, key) = (request.Query.Read(ApiParameters.Task.Required), request.Query.Read(ApiParameters.Key));
        if (request.Query.Refusal is { } refusal)
            return refusal;
        var name = await request.RequireTaskAsync(task!).ConfigureAwait(false);
        var allowed = await AllowedOperations.FindAsync(request.Permissions, name, key).ConfigureAwait(false);
        var handle = key is null ? request.Tasks.Find(name) : request.Reader.FindKey(name, key);
        return await TaskDetails.ReadAsync(request, name, key, handle, allowed).ConfigureAwait(false) is { } detail
            ? new ApiResult<TaskDetail>(detail, ApiJson.Default.TaskDetail)
            : ApiProblem.NotFound($"Recurring task '{name}' has no key '{key}' on this host, and none is stored.");
    }
}
