using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Operations on all tasks or keys that match a filter.</summary>
internal static class BulkEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Method = HttpMethods.Post,
            Path = "bulk",
            Name = "OperateMany",
            Summary = "Without a fingerprint, answers how many match. With the fingerprint of that list, operates all of them; "
                + "409 when the list has changed.",
            Body = typeof(BulkBody),
            Response = typeof(BulkResult),
            Status = StatusCodes.Status202Accepted,
            Handle = OperateAsync,
        },
    ];

    private static async Task<IResult> OperateAsync(ApiRequest request)
    {
        var (body, refusal) = await ApiBody.ReadAsync(request.Context.Request, ApiJson.Default.BulkBody, request.Aborted)
            .ConfigureAwait(false);
        if (body is null)
            return refusal!;
        return FindMistake(body) is { } mistake
            ? ApiProblem.BadRequest(mistake)
            : await new BulkOperation(request, body, body.Kind!.Value).RunAsync().ConfigureAwait(false);
    }

    private static string? FindMistake(BulkBody body) => body switch
    {
        { Kind: null } => "kind is missing. Say what is to be done, such as Pause.",
        { Kind: TaskCommandKind.Change or TaskCommandKind.Erase } or { Kind: 0 or > TaskCommandKind.Cancel } =>
            "kind is no operation on many. Give Pause, Resume, RunNow, Cancel, Stop or Start.",
        { Reason: var reason } when string.IsNullOrWhiteSpace(reason) => "reason is missing. Say why, for the log of commands.",
        { Task: not null, Text: not null } or { Task: not null, State: not null } =>
            "task selects keys of one task, text and state select tasks. Give one or the other.",
        { Task: null, Prefix: not null } or { Task: null, KeyState: not null } =>
            "prefix and keyState select keys, and need the task. Give its name.",
        _ => null,
    };
}
