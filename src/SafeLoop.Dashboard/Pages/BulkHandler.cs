using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of an operation on many tasks or keys, and carries the operation out.</summary>
internal static class BulkHandler
{
    private static readonly ApiParameter<string> Task = ApiParameters.Text("task", "The name of a keyed task.");

    private static readonly ApiParameter<string> Prefix = ApiParameters.Text("prefix", "The beginning of the text of a key.");

    private static readonly ApiParameter<LoopFilter?> Keys =
        ApiParameters.Enumeration<LoopFilter>("keys", "Only keys in this condition.");

    private static readonly ApiParameter<TaskCommandKind?> Kind =
        ApiParameters.Enumeration<TaskCommandKind>("kind", "What is to be done.");

    private static readonly ApiParameter<Guid?> Sent = ApiParameters.Id with { Name = "sent" };

    public static async Task<IResult> ShowAsync(PageRequest request)
    {
        var query = request.Query;
        var body = new BulkBody
        {
            Task = query.Read(Task),
            Prefix = query.Read(Prefix),
            KeyState = query.Read(Keys),
            Text = query.Read(ApiParameters.Filter),
            State = query.Read(ApiParameters.State),
            Kind = query.Read(Kind) is { } kind && BulkOperation.IsPossible(kind) ? kind : TaskCommandKind.Pause,
            Reason = "-", // FindMistake needs one; the user enters it in the form
        };
        var sent = query.Read(Sent);
        if (query.Refusal is { } refusal)
            return refusal;
        if (BulkOperation.FindMistake(body) is { } mistake)
            return ApiProblem.BadRequest(mistake);
        var commands = sent is { } id ? await FindSentAsync(request, id).ConfigureAwait(false) : null;
        return await ShowAsync(request, body with { Reason = null }, sent: commands).ConfigureAwait(false);
    }

    public static async Task<IResult> ActAsync(PageRequest request)
    {
        var api = request.Api;
        if (!api.Permissions.HasOperations)
            return OperationHandler.Refusal;
        if (await PageForm.ReadAsync(request.Context.Request, api.Aborted).ConfigureAwait(false) is not { } form)
            return PageForm.Unreadable;
        if (form.Value<TaskCommandKind>("kind") is not { } kind || form.Text("fingerprint") is not { } fingerprint)
            return PageForm.Unreadable;

        var body = new BulkBody
        {
            Id = Guid.TryParse(form.Text("id"), out var id) ? id : Guid.NewGuid(),
            Task = form.Text("task"),
            Prefix = form.Text("prefix"),
            KeyState = form.Value<LoopFilter>("keys"),
            Text = form.Text("text"),
            State = form.Value<RecurringTaskState>("state"),
            Kind = kind,
            Reason = form.Text("reason"),
            Until = kind is TaskCommandKind.Pause ? OperationHandler.UntilOf(form, request.View.Now) : null,
            Fingerprint = fingerprint,
        };
        if (BulkOperation.FindMistake(body) is { } mistake)
            return ApiProblem.BadRequest(mistake);
        var operation = new BulkOperation(api, body, kind);
        var list = await operation.FindAsync().ConfigureAwait(false);
        if (list?.Result.Fingerprint != fingerprint)
        {
            var count = list is null ? $"more than {CountText.Of(BulkOperation.Most)}" : CountText.Of(list.Result.Count);
            return await ShowAsync(request, body, $"The list has changed since it was shown: {count} match now. "
                + "Nothing was done. Look at the new list and send it again.").ConfigureAwait(false);
        }
        var result = await operation.SendAsync(list).ConfigureAwait(false);
        return result.Problems is { Count: > 0 } problems && result.Commands is { Count: 0 }
            ? await ShowAsync(request, body, $"Nothing was done. {string.Join(" ", problems.Take(3))}").ConfigureAwait(false)
            : new SeeOther(BulkModel.To(body, kind, body.Id));
    }

    private static async Task<IResult> ShowAsync(
        PageRequest request, BulkBody body, string? mistake = null, IReadOnlyList<TaskCommandStatus>? sent = null)
    {
        if (!request.Api.Permissions.HasOperations)
            return OperationHandler.Refusal;
        var kind = body.Kind!.Value;
        var list = await new BulkOperation(request.Api, body, kind).FindAsync().ConfigureAwait(false);
        var model = new BulkModel { Body = body, Kind = kind, List = list?.Result, Mistake = mistake, Sent = sent };
        var page = BulkPage.Render(request.View, model);
        return request.Page("Operate on many", page, mistake is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    // The ids of the commands begin with that of the operation, so every host finds them, also after a reload of the page.
    private static async Task<IReadOnlyList<TaskCommandStatus>> FindSentAsync(PageRequest request, Guid id)
    {
        var (commands, query) = (request.Api.Commands, new TaskCommandQuery { PageSize = BulkOperation.Most });
        var page = await request.Reads.GetAsync(
            (id, query), cancellationToken => commands.QueryAsync(query, cancellationToken), request.Api.Aborted)
            .ConfigureAwait(false); // with the id in the key, because a shared answer may be older than the commands
        var errors = await request.Api.GetErrorFilterAsync().ConfigureAwait(false);
        return [.. page.Commands.Where(status => BulkOperation.IsOf(id, status.Command.Id)).Select(errors.Filter)];
    }
}
