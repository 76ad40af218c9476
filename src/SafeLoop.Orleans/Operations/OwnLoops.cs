using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SafeLoop;

/// <summary>Executes requests on the loops that this host owns.</summary>
internal sealed class OwnLoops(
    LoopsByText loops, IRecurringTasks tasks, IRecurringTaskHistory history, RequestedRuns runs, IShardDirectory directory)
    : IMemberRequests
{
    private static readonly MemberReply Done = new() { Kind = MemberReplyKind.Done };

    /// <inheritdoc/>
    public async Task<MemberReply> ExecuteAsync(MemberRequest request)
    {
        try
        {
            return request.Operation switch
            {
                MemberOperation.Notify => Notify(),
                MemberOperation.Await => await runs.AwaitAsync(request.Run, RequestedRuns.Limit).ConfigureAwait(false),
                MemberOperation.Cancel => Cancel(request.Run),
                _ => await ExecuteOnLoopAsync(request).ConfigureAwait(false),
            };
        }
        catch (Exception error) // the caller throws it: it is on another host
        {
            return MemberFault.ToReply(error);
        }
    }

    private async Task<MemberReply> ExecuteOnLoopAsync(MemberRequest request)
    {
        if (tasks.Find(request.Task) is not { ConfiguredOptions.InCluster: true })
            return NotHere("it has no such task in the cluster");
        if (!loops.IsOwner(request.Task, request.Key))
            return NotHere("another host owns the loop, or will");
        try
        {
            return await ExecuteOnOwnAsync(request).ConfigureAwait(false);
        }
        catch (InvalidOperationException) when (!loops.IsOwner(request.Task, request.Key))
        {
            return NotHere("the loop has moved"); // and what was thrown says no more than that
        }
    }

    private async Task<MemberReply> ExecuteOnOwnAsync(MemberRequest request)
    {
        var (task, key) = (request.Task, request.Key);
        switch (request.Operation)
        {
            case MemberOperation.Explain:
                var explained = await history.ExplainAsync(task, request.Instant ?? default, key).ConfigureAwait(false);
                return DoneWith(explained, OperationJson.Default.SlotExplanation);
            case MemberOperation.Add when key is not null:
                return DoneWith(loops.TryAdd(task, key), OperationJson.Default.Boolean);
            case MemberOperation.Remove when key is not null:
                return DoneWith(loops.TryRemove(task, key), OperationJson.Default.Boolean);
        }
        if (loops.Find(task, key) is not { } loop)
        {
            return loops.IsRead(task, key)
                ? throw new KeyNotFoundException($"Recurring task '{task}' has no key '{LoopName.FormatKey(key!)}'.")
                : NotHere("it still reads the keys of the task");
        }
        switch (request.Operation)
        {
            case MemberOperation.Snapshot:
                return DoneWith(loop.Snapshot(), OperationJson.Default.RecurringTaskSnapshot);
            case MemberOperation.Pause:
                await loop.PauseAsync(request.Reason, request.By, request.Instant).ConfigureAwait(false);
                return Done;
            case MemberOperation.Resume:
                await loop.ResumeAsync(request.Reason, request.By).ConfigureAwait(false);
                return Done;
            case MemberOperation.Run:
                runs.Start(request.Run, cancel => RunAsync(loop, request, cancel));
                return await runs.AwaitAsync(request.Run, RequestedRuns.FirstLimit).ConfigureAwait(false);
            default:
                return new() { Kind = MemberReplyKind.Unknown };
        }
    }

    private async Task<MemberReply> RunAsync(RecurringTaskHandle loop, MemberRequest request, CancellationToken cancel)
    {
        var record = await loop.RunNowAsync(cancel).ConfigureAwait(false);
        return record.Number == 0 && !loops.IsOwner(request.Task, request.Key)
            ? NotHere("the loop has moved before the iteration started")
            : DoneWith(record, OperationJson.Default.IterationRecord);
    }

    private MemberReply Notify()
    {
        directory.OnNotified();
        return Done;
    }

    private MemberReply Cancel(Guid run)
    {
        runs.Cancel(run);
        return Done;
    }

    private static MemberReply NotHere(string why) => new() { Kind = MemberReplyKind.NotHere, Message = why };

    private static MemberReply DoneWith<T>(T value, JsonTypeInfo<T> type) =>
        new() { Kind = MemberReplyKind.Done, Value = JsonSerializer.Serialize(value, type) };
}
