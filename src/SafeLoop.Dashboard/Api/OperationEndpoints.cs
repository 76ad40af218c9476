using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>What a user can do to a task or a key.</summary>
internal static class OperationEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        Operation(TaskCommandKind.RunNow, "run", "RunTask", "Runs an iteration now, on one host."),
        Operation(TaskCommandKind.Pause, "pause", "PauseTask", "Pauses a task or a key, until it is resumed or until then."),
        Operation(TaskCommandKind.Resume, "resume", "ResumeTask", "Resumes a task or a key."),
        Operation(TaskCommandKind.Cancel, "cancel", "CancelRunning", "Cancels the iterations that are running."),
        Operation(TaskCommandKind.Stop, "stop", "StopTask", "Stops the loop of a task or a key on the hosts that run now."),
        Operation(TaskCommandKind.Start, "start", "StartTask", "Starts the loop of a task or a key that has ended."),
        Operation(TaskCommandKind.Change, "change", "ChangeTask", "Changes the options of a task, or drops the change."),
    ];

    private static ApiEndpoint Operation(TaskCommandKind kind, string path, string name, string summary) => new()
    {
        Method = HttpMethods.Post,
        Path = path,
        Name = name,
        Summary = summary,
        Body = typeof(OperationBody),
        Response = typeof(TaskCommandStatus),
        Status = StatusCodes.Status202Accepted,
        Handle = request => OperateAsync(request, kind),
    };

    private static async Task<IResult> OperateAsync(ApiRequest request, TaskCommandKind kind)
    {
        var (body, refusal) = await ApiBody.ReadAsync(request.Context.Request, ApiJson.Default.OperationBody, request.Aborted)
            .ConfigureAwait(false);
        if (body is null)
            return refusal!;
        return await new OperationSender(request).SendAsync(kind, body).ConfigureAwait(false);
    }
}
