using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of a task, or of a key.</summary>
internal static class TaskHandler
{
    private const int StripLength = 90, HistoryLength = 25;

    private static readonly ApiParameter<Guid?> Command = ApiParameters.Id with { Name = "command" };

    public static Task<IResult> HandleTaskAsync(PageRequest request) =>
        HandleAsync(request, request.Query.Read(ApiParameters.Task.Required), null);

    public static Task<IResult> HandleKeyAsync(PageRequest request) =>
        HandleAsync(request, request.Query.Read(ApiParameters.Task.Required), request.Query.Read(ApiParameters.Key.Required));

    private static async Task<IResult> HandleAsync(PageRequest request, string? task, string? key)
    {
        var (query, api) = (request.Query, request.Api);
        var filter = new HistoryQuery
        {
            Key = key,
            Outcome = query.Read(ApiParameters.Outcome),
            Reason = query.Read(ApiParameters.Reason),
            From = query.Read(ApiParameters.From),
            To = query.Read(ApiParameters.To),
            Cursor = query.Read(ApiParameters.Cursor),
            PageSize = HistoryLength,
        };
        var command = query.Read(Command);
        if (query.Refusal is { } refusal)
            return refusal;

        var name = await api.RequireTaskAsync(task!).ConfigureAwait(false);
        var handle = key is null ? api.Tasks.Find(name) : api.Reader.FindKey(name, key);
        var allowed = await AllowedOperations.FindAsync(api.Permissions, name, key).ConfigureAwait(false);
        if (await TaskDetails.ReadAsync(api, name, key, handle, allowed).ConfigureAwait(false) is not { } detail)
            return ApiProblem.NotFound($"Recurring task '{name}' has no key '{key}' on this host, and none is stored.");

        var strips = new StripReader(request);
        var strip = await strips.ReadAsync(name, handle, key, StripLength).ConfigureAwait(false);
        filter = filter with { TaskName = name };
        var model = new TaskModel
        {
            Task = detail.Task,
            Key = key,
            Upcoming = detail.Upcoming,
            Allowed = allowed,
            Problems = new ProblemFinder(request.View.Times).Find(detail.Task, handle?.Options, strip),
            Strip = strip,
            Charts = await new ChartReader(request).ReadAsync(detail.Task, key, strip).ConfigureAwait(false),
            Errors = await ErrorReader.ReadAsync(request, strips, name, key).ConfigureAwait(false),
            Options = handle is null ? []
                : new OptionReader(request, detail.Task.Snapshot.Change, key is not null).Read(handle),
            History = strips.HasFailed ? null : await HistoryReader.QueryAsync(request, filter).ConfigureAwait(false),
            Filter = filter,
            Command = command is { } id ? await FindCommandAsync(api, id).ConfigureAwait(false) : null,
        };
        return request.Page(key ?? name, OneTaskPage.Render(request.View, model));
    }

    private static async Task<TaskCommandStatus?> FindCommandAsync(ApiRequest api, Guid id)
    {
        var status = await api.Commands.FindAsync(id, api.Aborted).ConfigureAwait(false);
        return status is null ? null : (await api.GetErrorFilterAsync().ConfigureAwait(false)).Filter(status);
    }
}
