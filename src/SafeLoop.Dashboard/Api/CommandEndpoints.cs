using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The log of commands.</summary>
internal static class CommandEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "commands",
            Name = "ListCommands",
            Summary = "Returns the log of commands, newest first: who did what, when, why, and what came of it.",
            Parameters = [ApiParameters.Task, ApiParameters.Cursor, ApiParameters.PageSize],
            Response = typeof(TaskCommandPage),
            Handle = ListAsync,
        },
        new()
        {
            Path = "command",
            Name = "GetCommand",
            Summary = "Returns a command, and what has become of it so far.",
            Parameters = [ApiParameters.Id.Required],
            Response = typeof(TaskCommandStatus),
            Handle = GetAsync,
        },
    ];

    private static async Task<IResult> ListAsync(ApiRequest request)
    {
        var query = request.Query;
        var filter = new TaskCommandQuery
        {
            TaskName = query.Read(ApiParameters.Task),
            Cursor = query.Read(ApiParameters.Cursor),
            PageSize = query.Read(ApiParameters.PageSize),
        };
        if (query.Refusal is { } refusal)
            return refusal;
        var page = await request.Commands.QueryAsync(filter, request.Aborted).ConfigureAwait(false);
        var errors = await request.GetErrorFilterAsync().ConfigureAwait(false);
        page = page with { Commands = [.. page.Commands.Select(errors.Filter)] };
        return new ApiResult<TaskCommandPage>(page, ApiJson.Default.TaskCommandPage);
    }

    private static async Task<IResult> GetAsync(ApiRequest request)
    {
        var id = request.Query.Read(ApiParameters.Id.Required);
        if (request.Query.Refusal is { } refusal)
            return refusal;
        var status = await request.Commands.FindAsync(id!.Value, request.Aborted).ConfigureAwait(false);
        var errors = await request.GetErrorFilterAsync().ConfigureAwait(false);
        return status is null
            ? ApiProblem.NotFound($"There is no command with the id {id}, or it is not kept any more.")
            : new ApiResult<TaskCommandStatus>(errors.Filter(status), ApiJson.Default.TaskCommandStatus);
    }
}
