using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

/// <summary>The lock contract on a real server, with two clients. Time is virtual where a lease's length passes.</summary>
public abstract class BackEndContract : LockProviderContract, IAsyncDisposable
{
    private readonly VirtualClock _clock = new(LoopHost.Start);
    private readonly LockClient[] _clients;
    private readonly TestedLocks[] _locks;

    protected BackEndContract(BackEnd backEnd)
    {
        var prefix = Guid.NewGuid().ToString("N");
        _clients = [backEnd.Connect(), backEnd.Connect()];
        _locks = [.. _clients.Select(client => new TestedLocks(client, prefix, _clock))];
    }

    [Fact]
    public async Task The_next_holder_of_the_same_lock_and_task_learns_the_last_slot()
    {
        var slot = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var first = await Take("task");
        Assert.Null(first.LastSlot);
        Assert.True(await first.RecordAsync(slot, default));
        await first.DisposeAsync();

        await using (var second = await Take("task", client: 1))
            Assert.Equal(slot, second.LastSlot);
        await using (var other = await Take("other"))
            Assert.Null(other.LastSlot);
        await using (var none = await Take(null))
            Assert.Null(none.LastSlot);
    }

    [Fact]
    public async Task A_late_holder_cannot_record_a_slot()
    {
        var slot = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var late = await Take("task");
        await AdvanceAsync(Lease);
        await using var next = await Take("task", client: 1);

        Assert.False(await late.RecordAsync(slot.AddYears(1), default));
        Assert.True(await next.RecordAsync(slot, default));
        Assert.False(await late.RecordAsync(slot.AddYears(1), default));
        await next.DisposeAsync();
        Assert.Equal(slot, (await Take("task")).LastSlot);
    }

    [Fact]
    public async Task A_lease_without_a_length_has_that_of_the_provider()
    {
        await using var lease = await _locks[0].TryAcquireAsync(new() { Name = "name" }, default);
        Assert.Equal(TimeSpan.FromSeconds(30), lease!.AtMostFor);
    }

    [Fact]
    public async Task The_renewal_of_a_holder_whose_number_is_no_longer_the_last_fails()
    {
        var lease = await Take("task");
        var name = ((DistributedLease)lease).Name;
        await _clients[1].Fences.NextAsync(name, null, default); // as if the back-end had given the lock away behind our back

        Assert.False(await lease.RenewAsync(default));
        Assert.True(lease.Lost.IsCancellationRequested);
        await (await Take("task", client: 1)).DisposeAsync(); // what was left of it was given back
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.Connections.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override TimeSpan Lease { get; } = TimeSpan.FromSeconds(30);

    protected override ILoopLockProvider CreateProvider(int client) => _locks[client % 2];

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _clock.MoveTo(_clock.GetTimestamp() + time.Ticks);
        foreach (var locks in _locks)
            locks.SeeExpiredLeasesGivenBack();
        return Task.CompletedTask;
    }

    private async Task<ILoopLease> Take(string? task, int client = 0)
    {
        // Given back in the background, where a lock was lost.
        var lease = await _locks[client].TryAcquireAsync(new()
        {
            Name = "slots",
            AtMostFor = Lease,
            Wait = true,
            TaskName = task
        }, default).AsTask().WaitAsync(ThreadedLoopHost.Patience);
        return lease!;
    }
}
