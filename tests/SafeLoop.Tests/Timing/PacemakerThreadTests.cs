using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.Tests.Timing;

/// <summary>The pacemaker on real threads.</summary>
public class PacemakerThreadTests
{
    private static readonly TimeSpan Patience = ThreadedLoopHost.Patience;

    [Fact]
    public void A_ring_that_blocks_holds_up_no_other_alarm_of_the_same_millisecond()
    {
        var clock = new FakeTimeProvider();
        var pacemaker = new Pacemaker(clock);
        var release = new ManualResetEventSlim(); // not disposed: a ring may begin to wait for it when the test has ended
        using var others = new CountdownEvent(100);
        var due = clock.GetTimestamp() + clock.TimestampFrequency;

        pacemaker.Arm(new ActingAlarm(() => release.Wait(Patience)), due);
        for (var n = 0; n < 50; n++)
            pacemaker.Arm(new ActingAlarm(() => others.Signal()), due);
        pacemaker.Arm(new ActingAlarm(() => release.Wait(Patience)), due);
        for (var n = 0; n < 50; n++)
            pacemaker.Arm(new ActingAlarm(() => others.Signal()), due);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(others.Wait(Patience), "They waited for the one that blocks.");
        Assert.False(release.IsSet);
        release.Set();
    }

    [Fact]
    public void A_ring_that_blocks_does_not_hold_up_the_timer_either()
    {
        var clock = new FakeTimeProvider();
        var pacemaker = new Pacemaker(clock);
        using var blocked = new ManualResetEventSlim();
        var release = new ManualResetEventSlim(); // not disposed: a ring may begin to wait for it when the test has ended
        using var rung = new ManualResetEventSlim();
        var now = clock.GetTimestamp();

        pacemaker.Arm(new ActingAlarm(() => { blocked.Set(); release.Wait(Patience); }), now + clock.TimestampFrequency);
        pacemaker.Arm(new ActingAlarm(rung.Set), now + 2 * clock.TimestampFrequency);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(blocked.Wait(Patience));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(rung.Wait(Patience));
        release.Set();
    }

    [Fact]
    public void A_herd_of_100_000_rings_once_each_and_the_one_behind_it_after_them_on_few_workers()
    {
        const int herd = 100_000;
        var clock = new PacemakerClock();
        var workers = new Queue<IThreadPoolWorkItem>();
        var pacemaker = new Pacemaker(clock, workers.Enqueue);
        var rung = 0;
        var rungBeforeTheLast = -1;

        for (var n = 0; n < herd; n++)
            pacemaker.Arm(new ActingAlarm(() => rung++), 100_000);
        pacemaker.Arm(new ActingAlarm(() => rungBeforeTheLast = rung), 110_000);
        clock.Jump(200_000);

        var turns = 0;
        for (; workers.TryDequeue(out var worker); turns++)
        {
            Assert.Empty(workers);       // never more than one worker on its way
            worker.Execute();
        }
        Assert.Equal((herd, herd), (rung, rungBeforeTheLast));
        Assert.InRange(turns, herd / 1_000, herd / 100);
    }

    [Fact]
    public void Arming_ringing_moving_and_disarming_allocate_nothing()
    {
        var clock = new PacemakerClock();
        var workers = new Queue<IThreadPoolWorkItem>();
        var pacemaker = new Pacemaker(clock, workers.Enqueue);
        var alarms = Enumerable.Range(0, 500).Select(_ => new CountingAlarm()).ToArray();
        Iterate();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
            Iterate();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(21 * 400, alarms.Sum(alarm => alarm.Rings));

        void Iterate()
        {
            for (var n = 0; n < alarms.Length; n++)
                pacemaker.Arm(alarms[n], clock.Now + n * 100_000L);
            for (var n = 0; n < alarms.Length; n++)
                pacemaker.Arm(alarms[n], clock.Now + n * 70_000L);
            for (var n = 0; n < alarms.Length; n += 5)
                pacemaker.Disarm(alarms[n]);
            for (var n = 0; n < 100; n++)
            {
                clock.Jump(1_000_000);
                while (workers.TryDequeue(out var worker))
                    worker.Execute();
            }
        }
    }

    [Fact]
    public void Under_racing_threads_every_arming_rings_exactly_once_or_was_disarmed_and_never_early()
    {
        var clock = TimeProvider.System;
        var pacemaker = new Pacemaker(clock);
        var end = clock.GetTimestamp() + 2 * clock.TimestampFrequency;
        var owners = Enumerable.Range(1, 3).Select(seed => new Owner(pacemaker, seed)).ToArray();

        var threads = owners.Select(owner => new Thread(() => owner.WorkUntil(end))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.True(SpinWait.SpinUntil(() => owners.All(owner => owner.IsSettled), Patience), "An arming was lost.");
        Assert.Equal(0, pacemaker.Armed);
        Assert.Equal(0, owners.Sum(owner => owner.Early));
        Assert.All(owners, owner => Assert.True(owner.Armings > 1_000 && owner.Disarmings > 10, "Too little happened."));
        var rangTwice = SpinWait.SpinUntil(() => owners.Any(owner => !owner.IsSettled), TimeSpan.FromMilliseconds(50));
        Assert.False(rangTwice);
    }

    [Fact]
    public void Under_racing_threads_that_move_the_same_alarms_the_last_word_is_kept()
    {
        var clock = TimeProvider.System;
        var pacemaker = new Pacemaker(clock);
        var millisecond = clock.TimestampFrequency / 1_000;
        var alarms = Enumerable.Range(0, 20).Select(_ => new CountingAlarm()).ToArray();
        const int movesPerThread = 50_000;

        var threads = Enumerable.Range(1, 3).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var n = 0; n < movesPerThread; n++)
                pacemaker.Arm(alarms[random.Next(alarms.Length)], clock.GetTimestamp() + random.Next(-1, 3) * millisecond);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.True(SpinWait.SpinUntil(() => pacemaker.Armed == 0, Patience), "An arming was lost.");
        Assert.InRange(alarms.Sum(alarm => alarm.Rings), alarms.Length, 3 * movesPerThread);
    }

    private sealed class ActingAlarm(Action act) : Alarm
    {
        protected internal override void Ring() => act();
    }

    private sealed class CountingAlarm : Alarm
    {
        private int _rings;

        public int Rings => Volatile.Read(ref _rings);

        protected internal override void Ring() => Interlocked.Increment(ref _rings);
    }

    /// <summary>A thread with alarms of its own, which it arms only when it knows them not to be armed.</summary>
    private sealed class Owner(Pacemaker pacemaker, int seed)
    {
        private readonly Entry[] _entries = Enumerable.Range(0, 200).Select(_ => new Entry(pacemaker.Time)).ToArray();

        public int Armings => _entries.Sum(entry => entry.Armings);
        public int Disarmings => _entries.Sum(entry => entry.Disarmings);
        public int Early => _entries.Sum(entry => entry.Early);
        public bool IsSettled => _entries.All(entry => entry.Outstanding == 0);

        public void WorkUntil(long end)
        {
            var random = new Random(seed);
            var millisecond = pacemaker.Time.TimestampFrequency / 1_000;
            while (pacemaker.Time.GetTimestamp() is var now && now < end)
            {
                var entry = _entries[random.Next(_entries.Length)];
                if (entry.Outstanding == 0)
                    entry.Arm(pacemaker, now + random.Next(-1, 20) * millisecond / 4);
                else if (random.Next(4) == 0 && pacemaker.Disarm(entry))
                    entry.Disarmings++;
            }
        }

        private sealed class Entry(TimeProvider clock) : Alarm
        {
            private long _due;
            private int _rings;

            public int Armings { get; private set; }
            public int Disarmings { get; set; }
            public int Early { get; private set; }
            public int Outstanding => Armings - Disarmings - Volatile.Read(ref _rings);

            public void Arm(Pacemaker pacemaker, long due)
            {
                Volatile.Write(ref _due, due);
                Armings++;
                pacemaker.Arm(this, due);
            }

            protected internal override void Ring()
            {
                if (clock.GetTimestamp() < Volatile.Read(ref _due))
                    Early++;
                Interlocked.Increment(ref _rings);
            }
        }
    }
}
