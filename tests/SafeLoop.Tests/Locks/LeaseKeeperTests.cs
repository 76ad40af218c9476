namespace SafeLoop.Tests.Locks;

/// <summary>What a loop cannot be made to do from outside: two things at the same moment.</summary>
public class LeaseKeeperTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_record_answered_just_as_the_release_stops_waiting_does_not_hold_the_lock_beyond_its_minimum()
    {
        var (clock, locks, work) = (new ReadClock(), new ScriptedLocks(), new Queue<IThreadPoolWorkItem>());
        var keeper = await LeaseKeeper.TryAcquireAsync(
            new OwnLocks(new(locks), new Pacemaker(clock, work.Enqueue), new()), new() { Name = "lock" }, "task", "task",
            () => { }, (_, text, _) => Assert.Fail(text), default);
        var record = new TaskCompletionSource<bool>();
        locks.Record = _ =>
        {
            clock.OnNextRead = () => record.SetResult(true);
            return new(record.Task);
        };
        // On a thread of the pool, where the continuation runs on the thread that completes the record.
        await Task.Run(() => keeper!.ReleaseAsync(atLeastFor: Second * 5, ran: default(Instant)).AsTask());
        Assert.Equal(["acquire 0", "record 0"], locks.Journal);

        clock.Virtual.MoveTo((Second * 6).Ticks);
        while (work.TryDequeue(out var item))
            item.Execute();
        Assert.Equal("release 0", locks.Journal[^1]);
    }

    private sealed class ReadClock : TimeProvider
    {
        public VirtualClock Virtual { get; } = new(LoopHost.Start);

        public Action? OnNextRead { get; set; }

        public override long TimestampFrequency => Virtual.TimestampFrequency;

        public override long GetTimestamp()
        {
            var act = OnNextRead;
            OnNextRead = null;
            act?.Invoke();
            return Virtual.GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow() => Virtual.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Virtual.CreateTimer(callback, state, dueTime, period);
    }
}
