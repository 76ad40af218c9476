using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of commands: who did what, when, why, and what came of it.</summary>
internal static class CommandsHandler
{
    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var (query, api) = (request.Query, request.Api);
        var filter = new TaskCommandQuery
        {
            TaskName = query.Read(ApiParameters.Task),
            Cursor = query.Read(ApiParameters.Cursor),
            PageSize = 30,
        };
        if (query.Refusal is { } refusal)
            return refusal;
        var commands = api.Commands;
        var page = await request.Reads.GetAsync(
            filter, cancellationToken => commands.QueryAsync(filter, cancellationToken), api.Aborted).ConfigureAwait(false);
        var errors = await api.GetErrorFilterAsync().ConfigureAwait(false);
        page = page with { Commands = [.. page.Commands.Select(errors.Filter)] };
        return request.Page("Commands", CommandsPage.Render(request.View, filter, page));
    }
}
