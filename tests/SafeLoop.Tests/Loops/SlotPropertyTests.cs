using CsCheck;

namespace SafeLoop.Tests.Loops;

public class SlotPropertyTests
{
    [Fact]
    public Task Every_slot_ends_in_exactly_one_record_and_slots_increase() => Bounded.Run(() => SlotScenario.Any.Sample(
        scenario =>
        {
            using var host = new LoopHost(scenario.Register);
            var expected = 0L;
            var since = host.Clock.GetTimestamp();
            host.StartHost();

            foreach (var (what, ms) in scenario.Deeds)
            {
                var span = TimeSpan.FromMilliseconds(ms);
                switch (what)
                {
                    case SlotScenario.Advance: host.Advance(span); break;
                    case SlotScenario.Sleep: host.Sleep(span); break;
                    case SlotScenario.Pause: host["t"].Pause(); break;
                    case SlotScenario.Resume: host["t"].Resume(); break;
                    case SlotScenario.SetClock when !scenario.IsCron:
                        host.Clock.SetWallClock(host.Clock.GetUtcNow() + (ms % 2 == 0 ? span : -span));
                        break;
                    case SlotScenario.Restart:
                        expected += Stop(host, scenario, since);
                        host.Sleep(span);
                        since = host.Clock.GetTimestamp();
                        host["t"].Start();
                        break;
                    default: break;
                }
                host.Settle();
            }
            expected += Stop(host, scenario, since);

            var records = host.Records();
            Assert.Equal(expected, records.Sum(record => record.Count));
            Assert.All(records, record => Assert.True(record.Number == 0 || record.Started >= record.Slot));
            var started = records.Where(record => record.Number > 0).OrderBy(record => record.Number)
                .Select(record => record.Slot).ToArray();
            Assert.Equal(started.Order().Distinct(), started);
            Assert.Equal(records.Count, records.Select(record => record.Slot).Distinct().Count());
            Assert.All(host.Faults(), text => Assert.StartsWith("Step 't' blocked its thread", text, StringComparison.Ordinal));
        },
        iter: 1_000,
        threads: 1));

    /// <returns>How many slots the grid had since the loop's start.</returns>
    private static long Stop(LoopHost host, SlotScenario scenario, long since)
    {
        host["t"].Stop();
        host.Settle();
        Assert.True(host["t"].Completion.IsCompleted);
        var now = host.Clock.GetTimestamp();
        if (!scenario.IsCron)
            return ((now - since) / scenario.Period.Seconds.Ticks) + 1;

        var (cron, count) = (CronSchedule.Parse($"*/{scenario.Period} * * * * *"), 0L);
        var (slot, end) = (LoopHost.Start.AddTicks(since), LoopHost.Start.AddTicks(now));
        for (; cron.NextAfter(slot) is { } next && next <= end; slot = next)
            count++;
        return count;
    }
}
