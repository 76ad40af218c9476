using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Aot;

/// <summary>One kind of key: registered with its verbs, run, looked at and controlled. Writes one line.</summary>
internal sealed class KeyedTrial<TKey>(string kind, params TKey[] keys) : ITrial
    where TKey : notnull
{
    public void Register(IServiceCollection services)
    {
        services.AddSingleton(new Poll<TKey>.Runs(keys.Length));
        services.AddRecurringTask<Poll<TKey>, TKey>(kind)
            .Every(key => TimeSpan.FromHours(key.Equals(keys[0]) ? 1 : 2))
            .OnOverlap(Overlap.BufferOne)
            .Concurrency(2)
            .WithLock(kind)
            .AsSingleton()
            .KeysFrom((_, _) => keys.ToAsyncEnumerable(), every: TimeSpan.FromHours(1));
    }

    public async Task<string> RunAsync(IServiceProvider services)
    {
        await services.GetRequiredService<Poll<TKey>.Runs>().All;
        var loops = services.GetRequiredService<IRecurringTaskKeys<Poll<TKey>, TKey>>();
        var handle = loops.Find(keys[0])!;
        var byHand = await handle.RunNowAsync();
        var seen = services.GetRequiredService<IRecurringTasks>()[kind].Snapshot().Keys!;
        var (slowest, failing, paused) = (loops.FindSlowest(1), loops.FindFailing(10), loops.FindPaused(10));
        var all = string.Join(", ", loops.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
        var (contains, count) = (loops.Contains(keys[^1]), loops.Count);
        var (removed, added) = (loops.TryRemove(keys[0]), loops.TryAdd(keys[0]));
        return $"{kind}: {all}; {byHand.Outcome} as number {byHand.Number}, {count}, {contains}, {removed}, {added}; "
            + $"{seen.Count} seen, {slowest.Count} slowest, {failing.Count} failing, {paused.Count} paused";
    }
}
