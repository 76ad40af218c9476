using BenchmarkDotNet.Attributes;

namespace SafeLoop.Benchmarks;

/// <summary>What taking and giving back a lock costs in one process, beside a semaphore.</summary>
[MemoryDiagnoser]
public class LockTurn
{
    private static readonly LoopLockRequest Free = new() { Name = "free" };
    private static readonly LoopLockRequest Held = new() { Name = "held" };

    private readonly InProcessLockProvider _locks = new(Pacemaker.For(TimeProvider.System));
    private readonly SemaphoreSlim _semaphore = new(1);

    [GlobalSetup]
    public async Task HoldOne() => _ = await _locks.TryAcquireAsync(Held, CancellationToken.None);

    [Benchmark(Baseline = true)]
    public async ValueTask Semaphore()
    {
        await _semaphore.WaitAsync();
        _semaphore.Release();
    }

    [Benchmark]
    public async ValueTask Acquire_and_release()
    {
        var lease = await _locks.TryAcquireAsync(Free, CancellationToken.None);
        await lease!.DisposeAsync();
    }

    [Benchmark]
    public async ValueTask<bool> Held_elsewhere() => await _locks.TryAcquireAsync(Held, CancellationToken.None) is null;
}
