using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SafeLoop;

internal sealed class RecurringTaskCluster(
    IShardDirectory directory, IShardStore store, OperationRouter router) : IRecurringTaskCluster
{
    /// <inheritdoc/>
    public IReadOnlyList<ClusterMember> Members => directory.Members;

    /// <inheritdoc/>
    public ClusterMember? OwnerOf(string task) => directory.FindOwner(Find(task, null).Shard);

    /// <inheritdoc/>
    public ClusterMember? OwnerOf<TKey>(string task, TKey key)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        return directory.FindOwner(Find(task, key).Shard);
    }

    /// <inheritdoc/>
    public async Task<IterationRecord> RunNowAsync(
        string task, object? key = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (shard, request) = Create(MemberOperation.Run, task, key);
        while (true)
        {
            request = request with { Run = Guid.NewGuid() };
            var (reply, owner) = await router.SendAsync(shard, request, isRepeatable: false, cancellationToken)
                .ConfigureAwait(false);
            if (reply.Kind is MemberReplyKind.Pending)
                reply = await new RoutedRun(router, owner, request).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (reply.Kind is not MemberReplyKind.NotHere) // the loop has moved before the iteration started
                return Read(reply, OperationJson.Default.IterationRecord);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public async Task PauseAsync(
        string task,
        object? key = null,
        string? reason = null,
        string? by = null,
        DateTimeOffset? until = null,
        CancellationToken cancellationToken = default)
    {
        var (shard, request) = Create(MemberOperation.Pause, task, key);
        request = request with { Reason = reason, By = by, Instant = until };
        await router.SendAsync(shard, request, isRepeatable: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ResumeAsync(
        string task,
        object? key = null,
        string? reason = null,
        string? by = null,
        CancellationToken cancellationToken = default)
    {
        var (shard, request) = Create(MemberOperation.Resume, task, key);
        request = request with { Reason = reason, By = by };
        await router.SendAsync(shard, request, isRepeatable: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<RecurringTaskSnapshot> SnapshotAsync(
        string task, object? key = null, CancellationToken cancellationToken = default)
    {
        var (shard, request) = Create(MemberOperation.Snapshot, task, key);
        var (reply, _) = await router.SendAsync(shard, request, isRepeatable: true, cancellationToken).ConfigureAwait(false);
        return Read(reply, OperationJson.Default.RecurringTaskSnapshot);
    }

    /// <inheritdoc/>
    public async Task<SlotExplanation> ExplainAsync(
        string task, DateTimeOffset instant, object? key = null, CancellationToken cancellationToken = default)
    {
        var (shard, request) = Create(MemberOperation.Explain, task, key);
        request = request with { Instant = instant };
        var (reply, _) = await router.SendAsync(shard, request, isRepeatable: true, cancellationToken).ConfigureAwait(false);
        return Read(reply, OperationJson.Default.SlotExplanation);
    }

    /// <inheritdoc/>
    public Task<bool> AddAsync(string task, object key, CancellationToken cancellationToken = default) =>
        ChangeKeyAsync(MemberOperation.Add, task, key, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string task, object key, CancellationToken cancellationToken = default) =>
        ChangeKeyAsync(MemberOperation.Remove, task, key, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterShard>> QueryShardsAsync(
        string? task = null, CancellationToken cancellationToken = default)
    {
        var name = task is null ? null : directory.FindTask(task)?.Name ?? task;
        var owners = await store.ReadOwnersAsync(name, cancellationToken).ConfigureAwait(false);
        return
        [
            .. owners.Select(static shard => new ClusterShard
            {
                TaskName = shard.Id.Task,
                Index = shard.Id.Index,
                Epoch = shard.Epoch,
                Owner = shard.Owner,
                IsOwned = shard.IsOwned,
                Since = shard.Since,
                Previous = shard.Previous,
                WasLost = shard.WasLost,
                Losses = shard.Losses,
            }),
        ];
    }

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken = default) => directory.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public Task RejoinAsync(CancellationToken cancellationToken = default) => directory.RejoinAsync(cancellationToken);

    private async Task<bool> ChangeKeyAsync(string operation, string task, object key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (shard, request) = Create(operation, task, key);
        var (reply, _) = await router.SendAsync(shard, request, isRepeatable: false, cancellationToken).ConfigureAwait(false);
        return Read(reply, OperationJson.Default.Boolean);
    }

    private (ShardId Shard, MemberRequest Request) Create(string operation, string task, object? key)
    {
        var (shard, text) = Find(task, key);
        return (shard, new() { Operation = operation, Task = shard.Task, Key = text });
    }

    private (ShardId Shard, string? Key) Find(string task, object? key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        var found = directory.FindTask(task) ?? throw UnknownTask.Create(task, directory.TaskNames, hasStore: false);
        if (!found.IsKeyed)
        {
            return key is null ? (new(found.Name, 0), null) : throw new ArgumentException(
                $"Recurring task '{found.Name}' has no keys, but the key '{LoopName.FormatKey(key)}' was given. Leave it out.",
                nameof(key));
        }
        if (key is null)
        {
            throw new ArgumentException(
                $"Recurring task '{found.Name}' has a loop per key, and no key was given. Give a key. To pause or resume all "
                    + "keys, use the handle of the task on each host, or with a store IRecurringTaskCommands.",
                nameof(key));
        }
        if (!KeyText.TryRead(key, out var text, out var error))
        {
            throw new ArgumentException(
                $"The key of type {key.GetType().Name} has no text: its ToString "
                    + (error is null ? "returns null." : $"throws {error.GetType().Name}: {error.Message}"),
                nameof(key),
                error);
        }
        return (new(found.Name, KeyShard.FromKey(text, directory.ShardCount).Index), text);
    }

    private static T Read<T>(MemberReply reply, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(reply.Value ?? "null", type)
        ?? throw new InvalidOperationException(
            "The owner of the loop has replied without a value. Run the same version of SafeLoop on all hosts.");
}
