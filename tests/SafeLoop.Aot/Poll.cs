namespace SafeLoop.Aot;

/// <summary>A keyed task that writes down which of its keys have run.</summary>
internal sealed class Poll<TKey>(Poll<TKey>.Runs runs) : IRecurringTask<TKey>
    where TKey : notnull
{
    public ValueTask RunAsync(TKey key, Iteration iteration, CancellationToken cancellationToken)
    {
        runs.Add(key);
        return ValueTask.CompletedTask;
    }

    /// <summary>What has run, and a signal when all of it has.</summary>
    internal sealed class Runs(int goal)
    {
        private readonly HashSet<TKey> _keys = [];
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task All => _all.Task;

        public void Add(TKey key)
        {
            lock (_keys)
            {
                _keys.Add(key);
                if (_keys.Count == goal)
                    _all.TrySetResult();
            }
        }
    }
}
