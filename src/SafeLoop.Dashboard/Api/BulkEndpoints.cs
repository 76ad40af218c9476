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
        return BulkOperation.FindMistake(body) is { } mistake
            ? ApiProblem.BadRequest(mistake)
            : await new BulkOperation(request, body, body.Kind!.Value).RunAsync().ConfigureAwait(false);
    }
}
