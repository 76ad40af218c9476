namespace SafeLoop.Tests.Ownership;

/// <summary>The shards of a host, whose answers return to its virtual thread. Some come through the thread pool.</summary>
internal sealed class TestShards(IRecurringTaskShards shards, Pacemaker pacemaker) : IRecurringTaskShards
{
    private int _pending;

    /// <summary>How many calls have not ended yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public IReadOnlyList<ClusterTask> Tasks => shards.Tasks;

    /// <summary>True: its leases are always valid. A judge must notice.</summary>
    public bool HasEndlessLease { get; set; }

    public ShardLease CreateLease(TimeSpan length) => shards.CreateLease(HasEndlessLease ? TimeSpan.FromDays(1) : length);

    public Task OpenAsync(ShardOpening opening, CancellationToken cancellationToken) =>
        Return(AnswerAsync(shards.OpenAsync(opening, cancellationToken)));

    public Task<byte[]?> CloseAsync(string task, KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken) =>
        Return(shards.CloseAsync(task, shard, drainFor, cancellationToken));

    public IReadOnlyList<ShardProgress> ReadProgress() => shards.ReadProgress();

    public byte[] WriteExceptions(string task, KeyShard shard) => shards.WriteExceptions(task, shard);

    private static async Task<bool> AnswerAsync(Task opened)
    {
        await opened.ConfigureAwait(false);
        return true;
    }

    private Task<T> Return<T>(Task<T> answer)
    {
        if (answer.IsCompleted)
            return answer;
        Interlocked.Increment(ref _pending);
        var returned = new TaskCompletionSource<T>();
        answer.ContinueWith(
            ended => pacemaker.Dispatch(new WorkItem(() =>
            {
                Interlocked.Decrement(ref _pending);
                returned.SetFromTask(ended);
            })),
            TaskScheduler.Default);
        return returned.Task;
    }
}
