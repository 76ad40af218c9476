using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>An operation on many: first the list and its fingerprint, then, with the same fingerprint, the commands.</summary>
internal sealed class BulkOperation(ApiRequest request, BulkBody body, TaskCommandKind kind)
{
    private const int Most = 1_000, Shown = 20;

    public async Task<IResult> RunAsync()
    {
        var found = body.Task is null ? await FindTasksAsync().ConfigureAwait(false) : FindKeys(body.Task);
        if (found.Count > Most)
            return ApiProblem.BadRequest($"More than {Most} match. Narrow the filter.");
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
        if (body.Fingerprint is null)
            return Answer(result, StatusCodes.Status200OK);
        if (body.Fingerprint != result.Fingerprint)
        {
            return ApiProblem.Conflict($"The list has changed since it was shown: {result.Count} match now. Nothing was done. "
                + "Read the list again, without a fingerprint.");
        }
        return Answer(await SendAsync(result, allowed, by).ConfigureAwait(false), StatusCodes.Status202Accepted);
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

    private async Task<BulkResult> SendAsync(BulkResult result, List<RecurringTaskOperation> operations, string? by)
    {
        var (commands, problems) = (new List<Guid>(), new List<string>());
        foreach (var operation in operations)
        {
            var command = new TaskCommand
            {
                TaskName = operation.TaskName,
                Key = operation.Key,
                Kind = kind,
                Reason = body.Reason!.Trim(),
                Until = body.Until,
                By = by,
            };
            try
            {
                await request.Commands.SendAsync(command, request.Aborted).ConfigureAwait(false);
                commands.Add(command.Id);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or KeyNotFoundException)
            {
                problems.Add($"{operation.Key ?? operation.TaskName}: {ApiErrors.SentenceOf(error)}");
            }
        }
        return result with { Commands = commands, Problems = problems };
    }

    private static IResult Answer(BulkResult result, int status) =>
        new ApiResult<BulkResult>(result, ApiJson.Default.BulkResult) { StatusCode = status };

    private string FingerprintOf(IEnumerable<RecurringTaskOperation> operations)
    {
        var text = string.Join('\n', operations.Select(operation => $"{operation.TaskName}\0{operation.Key}").Order(
            StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{text}")).AsSpan(0, 16));
    }
}
