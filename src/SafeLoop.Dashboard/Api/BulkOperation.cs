using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>An operation on many: first the list and its fingerprint, then, with the same fingerprint, the commands.</summary>
internal sealed class BulkOperation(ApiRequest request, BulkBody body, TaskCommandKind kind)
{
    /// <summary>The most tasks or keys of one operation.</summary>
    public const int Most = 1_000;

    private const int Shown = 20, BatchBytes = 8;

    /// <summary>Why more than that are refused.</summary>
    public static string TooMany => $"More than {Most} match. Narrow the filter.";

    /// <summary>True for an operation that can be done to many.</summary>
    public static bool IsPossible(TaskCommandKind kind) =>
        kind is not (TaskCommandKind.Change or TaskCommandKind.Erase) && AllowedOperations.Kinds.Contains(kind);

    /// <summary>Finds what is wrong with a body; null: nothing is.</summary>
    public static string? FindMistake(BulkBody body) => body switch
    {
        { Id: { } id } when id == Guid.Empty => "id is empty. Give each operation a new GUID, or leave it out.",
        { Kind: null } => "kind is missing. Say what is to be done, such as Pause.",
        { Kind: { } kind } when !IsPossible(kind) =>
            "kind is no operation on many. Give Pause, Resume, RunNow, Cancel, Stop or Start.",
        { Reason: var reason } when string.IsNullOrWhiteSpace(reason) => "reason is missing. Say why, for the log of commands.",
        { Task: not null, Text: not null } or { Task: not null, State: not null } =>
            "task selects keys of one task, text and state select tasks. Give one or the other.",
        { Task: null, Prefix: not null } or { Task: null, KeyState: not null } =>
            "prefix and keyState select keys, and need the task. Give its name.",
        _ => null,
    };

    /// <summary>True when an operation of this id has sent the command.</summary>
    public static bool IsOf(Guid operation, Guid command) =>
        operation.ToByteArray().AsSpan(0, BatchBytes).SequenceEqual(command.ToByteArray().AsSpan(0, BatchBytes));

    /// <summary>Answers the list, or sends the commands and answers which.</summary>
    public async Task<IResult> RunAsync()
    {
        if (await FindAsync().ConfigureAwait(false) is not { } list)
            return ApiProblem.BadRequest(TooMany);
        if (body.Fingerprint is null)
            return Answer(list.Result, StatusCodes.Status200OK);
        if (body.Fingerprint != list.Result.Fingerprint)
        {
            return ApiProblem.Conflict($"The list has changed since it was shown: {list.Result.Count} match now. "
                + "Nothing was done. Read the list again, without a fingerprint.");
        }
        return Answer(await SendAsync(list).ConfigureAwait(false), StatusCodes.Status202Accepted);
    }

    /// <summary>Finds what matches, and what of it the user may operate.</summary>
    /// <returns>Null when more than <see cref="Most"/> match.</returns>
    public async Task<BulkList?> FindAsync()
    {
        var found = body.Task is null ? await FindTasksAsync().ConfigureAwait(false) : FindKeys(body.Task);
        if (found.Count > Most)
            return null;
        var (allowed, refused, by) = (new List<RecurringTaskOperation>(), 0, (string?)null);
        foreach (var operation in found)
        {
            var access = await request.Permissions.EvaluateAsync(operation).ConfigureAwait(false);
            if (!access.IsGranted)
            {
                refused++;
                continue;
            }
            by = UserName.Of(access.User);
            allowed.Add(operation);
        }
        var result = new BulkResult
        {
            Count = allowed.Count,
            Refused = refused,
            Fingerprint = FingerprintOf(allowed),
            First = [.. allowed.Take(Shown).Select(operation => operation.Key ?? operation.TaskName)],
        };
        return new(result, allowed, by);
    }

    /// <summary>Sends the commands.</summary>
    public async Task<BulkResult> SendAsync(BulkList list)
    {
        var (commands, problems, batch) = (new List<Guid>(), new List<string>(), body.Id ?? Guid.NewGuid());
        foreach (var operation in list.Operations)
        {
            var command = new TaskCommand
            {
                Id = IdOf(batch, operation),
                TaskName = operation.TaskName,
                Key = operation.Key,
                Kind = kind,
                Reason = body.Reason!.Trim(),
                Until = body.Until,
                By = list.By,
            };
            try
            {
                await request.Commands.SendAsync(command, request.Aborted).ConfigureAwait(false);
                commands.Add(command.Id);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or KeyNotFoundException
                && !StoreErrors.Contains(error)) // its message is for the log
            {
                problems.Add($"{operation.Key ?? operation.TaskName}: {ApiErrors.SentenceOf(error)}");
            }
        }
        return list.Result with { Commands = commands, Problems = problems };
    }

    private async Task<List<RecurringTaskOperation>> FindTasksAsync()
    {
        var reader = await request.CreateTaskReaderAsync().ConfigureAwait(false);
        var page = reader.ReadPage(body.Text, body.State, cursor: null, Most + 1);
        return [.. page.Tasks.Select(task => new RecurringTaskOperation { TaskName = task.Name, Kind = kind })];
    }

    private List<RecurringTaskOperation> FindKeys(string task)
    {
        var query = new KeyQuery
        {
            TaskName = task,
            Prefix = body.Prefix,
            Filter = body.KeyState ?? LoopFilter.All,
            PageSize = Most,
        };
        var found = new List<RecurringTaskOperation>();
        while (found.Count <= Most)
        {
            var page = request.Reader.QueryKeys(query);
            found.AddRange(page.Keys.Select(key => new RecurringTaskOperation
            {
                TaskName = key.Name,
                Key = key.Key,
                Kind = kind,
            }));
            if (page.Cursor is null)
                break;
            query = query with { Cursor = page.Cursor };
        }
        return found;
    }

    private static IResult Answer(BulkResult result, int status) =>
        new ApiResult<BulkResult>(result, ApiJson.Default.BulkResult) { StatusCode = status };

    private string FingerprintOf(IEnumerable<RecurringTaskOperation> operations)
    {
        var text = string.Join('\n', operations.Select(TextOf).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{text}")).AsSpan(0, 16));
    }

    // The same for the same operation on the same loop, so that one that is sent again is carried out once.
    private Guid IdOf(Guid batch, RecurringTaskOperation operation)
    {
        var id = batch.ToByteArray();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{batch:N}\n{kind}\n{TextOf(operation)}"));
        hash.AsSpan(0, id.Length - BatchBytes).CopyTo(id.AsSpan(BatchBytes));
        return new(id);
    }

    private static string TextOf(RecurringTaskOperation operation) => $"{operation.TaskName}\0{operation.Key}";
}
