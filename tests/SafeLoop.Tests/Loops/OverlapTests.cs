using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Slots every 2 seconds; the first iteration takes 7, the others none.</summary>
public class OverlapTests
{
    [Theory]
    [InlineData(Overlap.Skip, 100, "2 PreviousRunning", "4 PreviousRunning", "6 PreviousRunning", "0 ok", "8 ok", "10 ok")]
    [InlineData(Overlap.BufferOne, 100, "4 BufferFull", "6 BufferFull", "0 ok", "2 ok @7", "8 ok", "10 ok")]
    [InlineData(Overlap.BufferAll, 100, "0 ok", "2 ok @7", "4 ok @7", "6 ok @7", "8 ok", "10 ok")]
    [InlineData(Overlap.BufferAll, 2, "6 BufferFull", "0 ok", "2 ok @7", "4 ok @7", "8 ok", "10 ok")]
    [InlineData(Overlap.CancelRunning, 100, "0 Replaced", "2 ok", "4 ok", "6 ok", "8 ok", "10 ok")]
    [InlineData(Overlap.Allow, 2, "2 ok", "4 ok", "6 ok", "0 ok", "8 ok", "10 ok")]
    [InlineData(Overlap.Allow, 1, "2 BufferFull", "4 BufferFull", "6 BufferFull", "0 ok", "8 ok", "10 ok")]
    public void Every_slot_that_comes_due_while_running_has_its_record(Overlap policy, int max, params string[] slots)
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", Steps.Taking(7.Seconds, TimeSpan.Zero)).Every(2.Seconds).OnOverlap(policy, max));

        host.Advance(10.Seconds);

        Assert.Equal(slots, host.Slots());
    }

    [Theory]
    [InlineData(Overlap.Skip, 100, "6 PreviousRunning x3", "0 ok", "8 ok", "10 ok")]
    [InlineData(Overlap.BufferOne, 100, "6 BufferFull x2", "0 ok", "2 ok @7", "8 ok", "10 ok")]
    [InlineData(Overlap.BufferAll, 2, "6 BufferFull", "0 ok", "2 ok @7", "4 ok @7", "8 ok", "10 ok")]
    [InlineData(Overlap.CancelRunning, 100, "4 PreviousRunning x2", "0 ok", "6 ok @7", "8 ok", "10 ok")]
    public void A_step_that_blocks_is_a_running_one_and_does_not_make_the_loop_burst(
        Overlap policy, int max, params string[] slots)
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", Steps.Blocking(7.Seconds, TimeSpan.Zero)).Every(2.Seconds).OnOverlap(policy, max));

        host.Advance(3.Seconds); // the first iteration has made it 7 already

        Assert.Equal(slots, host.Slots());
    }

    [Fact]
    public void A_cron_step_that_blocks_is_a_running_one_too()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Blocking(250.Seconds, TimeSpan.Zero))
            .Cron("* * * * *"));

        host.Advance(1.Minutes);
        Assert.Equal(LoopHost.Start + 310.Seconds, host.Clock.GetUtcNow());
        host.Advance(2.Minutes);

        Assert.Equal(["300 PreviousRunning x4", "60 ok", "360 ok", "420 ok"], host.Slots());
    }

    [Fact]
    public void A_million_slots_that_come_due_during_one_iteration_are_one_record()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", Steps.Blocking(1_000_000.Seconds, TimeSpan.Zero)).Every(1.Seconds));

        Assert.Equal(["1000000 PreviousRunning x1000000", "0 ok"], host.Slots());
    }

    [Fact]
    public void A_replaced_iteration_that_ignores_its_token_is_waited_for()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", (iteration, _) => new(Steps.Wait(iteration, 5.Seconds, CancellationToken.None)))
            .Every(2.Seconds).OnOverlap(Overlap.CancelRunning));

        host.Advance(7.Seconds);

        Assert.Equal(["2 PreviousRunning", "0 Replaced"], host.Slots()); // 4 took the place of 2, and waits for 0 until 5
        Assert.Equal(1, host["t"].Snapshot().Running);
    }

    [Fact]
    public void No_two_iterations_run_at_a_time_unless_allowed()
    {
        foreach (var policy in Enum.GetValues<Overlap>())
        {
            var (running, most) = (0, 0);
            using var host = LoopHost.Run(services => services.AddRecurringTask("t", async (iteration, token) =>
            {
                most = Math.Max(most, ++running);
                await Steps.Wait(iteration, 7.Seconds, CancellationToken.None);
                running--;
            }).Every(2.Seconds).OnOverlap(policy, max: 3));

            host.Advance(1.Minutes);

            Assert.Equal(policy is Overlap.Allow ? 3 : 1, most);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_counts_from_the_end_does_not_overlap_even_if_allowed(bool continuously)
    {
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("t", Steps.Taking(3.Seconds)).OnOverlap(Overlap.Allow, max: 5);
            _ = continuously ? task.Continuously() : task.WithDelay(1.Seconds);
        });

        host.Advance(8.Seconds);

        Assert.Equal(continuously ? ["0 ok", "3 ok"] : ["0 ok", "4 ok"], host.Slots());
    }

    [Fact]
    public Task Late_slots_beyond_the_limit_of_parallel_iterations_wait_for_room() => Bounded.Run(() =>
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(TimeSpan.Zero, 3.Seconds))
            .Every(10.Seconds).OnOverlap(Overlap.Allow, max: 2).OnMissed(MissedSlots.RunAll));

        host.Sleep(51.Seconds);
        host.Advance(8.Seconds);

        Assert.Equal(["0 ok", "10 ok @51", "20 ok @51", "30 ok @54", "40 ok @54"], host.Slots());
        Assert.Equal(1, host["t"].Snapshot().Running); // 50, since 57
    });

    [Theory]
    [InlineData(true, "0 ok", "2 Paused", "4 Paused", "6 Paused")]
    [InlineData(false, "0 ok", "2 Disabled", "4 Disabled", "6 Disabled")]
    public void Slots_that_wait_do_not_run_once_the_task_is_paused_or_disabled(bool pause, params string[] slots)
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", Steps.Taking(6.Seconds + TimeSpan.FromMilliseconds(500), TimeSpan.Zero)).Every(2.Seconds)
            .OnOverlap(Overlap.BufferAll));
        host.Advance(5.Seconds);

        if (pause)
            host["t"].Pause();
        else
            host.Wait(host["t"].ChangeAsync(options => options.Enabled = false));
        host.Advance(2.Seconds);

        Assert.Equal(slots.Order(), host.Slots().Order());
    }
}
