using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Checks an operation and the right to it, sends the command, and answers what became of it.</summary>
internal sealed class OperationSender(ApiRequest request)
{
    /// <summary>Sends an operation.</summary>
    /// <param name="kind">What is to be done.</param>
    /// <param name="body">To what, and why.</param>
    public async Task<IResult> SendAsync(TaskCommandKind kind, OperationBody body)
    {
        if (FindMistake(body) is { } mistake)
            return ApiProblem.BadRequest(mistake);
        var name = await request.RequireTaskAsync(body.Task!).ConfigureAwait(false);
        var operation = new RecurringTaskOperation { TaskName = name, Key = body.Key, Kind = kind };
        var access = await request.Permissions.EvaluateAsync(operation).ConfigureAwait(false);
        if (!access.IsGranted)
            return new AccessDenied(access, $"You may not do this ({kind}) to '{name}'.");
        var command = ToCommand(operation, body) with { By = UserName.Of(access.User) };
        await request.Commands.SendAsync(command, request.Aborted).ConfigureAwait(false);
        return await AnswerAsync(command).ConfigureAwait(false);
    }

    private async Task<IResult> AnswerAsync(TaskCommand command)
    {
        var wait = PreferredWait.Of(request.Context.Request);
        var status = await new CommandResults(request.Commands, request.Time).WaitAsync(command.Id, wait, request.Aborted)
            .ConfigureAwait(false) ?? new() { Command = command };
        if (!IsSame(command, status.Command))
        {
            return ApiProblem.Conflict($"The id {command.Id} is that of another command ({status.Command.Kind} of "
                + $"'{status.Command.TaskName}'). Nothing was done. Send each operation with an id of its own.");
        }
        if (wait > TimeSpan.Zero)
            request.Context.Response.Headers["Preference-Applied"] = "wait";
        var errors = await request.GetErrorFilterAsync().ConfigureAwait(false);
        return new ApiResult<TaskCommandStatus>(errors.Filter(status), ApiJson.Default.TaskCommandStatus)
        {
            StatusCode = StatusCodes.Status202Accepted,
            Location = $"command?id={command.Id}", // relative: a proxy may strip the prefix
        };
    }

    private static bool IsSame(TaskCommand one, TaskCommand other) =>
        one.Kind == other.Kind && one.Key == other.Key
            && one.TaskName.Equals(other.TaskName, StringComparison.OrdinalIgnoreCase);

    private static string? FindMistake(OperationBody body) => body switch
    {
        { Task: null or "" } => "task is missing. Give the name of the task.",
        { Reason: var reason } when string.IsNullOrWhiteSpace(reason) => "reason is missing. Say why, for the log of commands.",
        { Key: "" } => "key is empty. Give the text of a key, or leave it out.",
        { Options.ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) } =>
            "options must be an object with settings as in configuration, such as { \"Every\": \"00:00:05\" }.",
        _ => null,
    };

    private static TaskCommand ToCommand(RecurringTaskOperation operation, OperationBody body)
    {
        var command = new TaskCommand
        {
            TaskName = operation.TaskName,
            Key = operation.Key,
            Kind = operation.Kind,
            Reason = body.Reason!.Trim(),
            Until = body.Until,
            Options = body.Options is { ValueKind: JsonValueKind.Object } options ? options.GetRawText() : null,
        };
        return body.Id is { } id ? command with { Id = id } : command;
    }
}
