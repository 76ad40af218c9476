using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>Keys with their own schedules: all other options act as with one schedule for all.</summary>
public class KeyScheduleTests
{
    private static readonly Device Fast = new(1) { Period = 7.Seconds }, Slow = new(2) { Period = 30.Seconds };

    [Fact]
    public void Each_key_has_its_own_period()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period));
        visit.Add(Fast, Slow);
        visit.Advance(60);

        Assert.Equal([0, 7, 14, 21, 28, 35, 42, 49, 56], visit.Script.Of(1));
        Assert.Equal([0, 30, 60], visit.Script.Of(2));
    }

    [Fact]
    public void The_verb_stands_anywhere_in_the_chain()
    {
        using var typed = new VisitHost(task => task.Named("visit").AsSingleton().Spread().WithJitter(TimeSpan.Zero)
            .Concurrency(5).Every(device => device.Period));
        using var untyped = new VisitHost(
            task => task.WithLock("device").BackOff(1.Seconds).Every((Device device) => device.Period));
        foreach (var visit in new[] { typed, untyped })
        {
            visit.Add(Fast);
            visit.Advance(69);
            Assert.Equal(10, visit.Script.Runs.Count);
        }
    }

    [Fact]
    public void Thousands_of_keys_run_by_thousands_of_periods()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period).AsSingleton(), start: false);
        Device[] devices =
            [.. Enumerable.Range(0, 5_000).Select(n => new Device(n) { Period = TimeSpan.FromMilliseconds(10_000 + n) })];
        visit.Add([.. devices.Take(2_500)]);
        visit.Host.StartHost();
        visit.Add([.. devices.Skip(2_500)]);
        visit.Advance(100);

        Assert.All(visit.Script.Runs.GroupBy(run => run.Id), runs =>
            Assert.Equal(Enumerable.Range(0, runs.Count()).Select(n => n * (10_000 + runs.Key) / 1000.0),
                runs.Select(run => run.Second)));
        Assert.Equal(devices.Sum(device => 1 + (int)(100 / device.Period.TotalSeconds)), visit.Script.Runs.Count);
    }

    [Fact]
    public void Back_off_holds()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period).BackOff(20.Seconds, factor: 1));
        visit.Script.Step = _ => throw new FormatException();
        visit.Add(Fast);
        visit.Advance(70);

        // The first slots of its own grid after the end of each pause.
        Assert.Equal([0, 21, 42, 63], visit.Script.Of(1));
    }

    [Fact]
    public void Spread_shifts_by_a_share_of_the_own_period()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period).Spread());
        visit.Add(Fast, Slow);
        visit.Advance(90);

        Assert.Equal(StableHash.Share("visit", Fast) * 7, visit.Script.Of(1)[0], 3);
        Assert.Equal(StableHash.Share("visit", Slow) * 30, visit.Script.Of(2)[0], 3);
        Assert.Equal(7, visit.Script.Of(1)[1] - visit.Script.Of(1)[0], 3);
    }

    [Fact]
    public void Jitter_never_reaches_past_the_own_next_slot()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period).WithJitter(1.Minutes));
        visit.Add(Fast, Slow);
        visit.Advance(700);

        Assert.InRange(visit.Script.Of(1).Length, 99, 101);
        Assert.All(visit.Records(Fast), record => Assert.InRange(record.Started - record.Slot, TimeSpan.Zero, 7.Seconds));
        Assert.Contains(visit.Records(Slow), record => record.Started - record.Slot > 7.Seconds);
    }

    [Fact]
    public void Bounds_and_exclusions_hold()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period)
            .StartAt(LoopHost.Start + 20.Seconds).EndAt(LoopHost.Start + 200.Seconds)
            .Except(Exclusion.Cron("* * * * *", 30.Seconds)));
        visit.Add(Fast, Slow);
        visit.Advance(300);

        Assert.Equal([34, 41, 48, 55, 90, 97, 104, 111, 118, 153, 160, 167, 174], visit.Script.Of(1));
        Assert.Equal([50, 110, 170], visit.Script.Of(2));
        Assert.Equal(2, visit.Host.Observer.Of(LoopEventKind.LoopEnded).Count(e => e.End is LoopEnd.Completed));
    }

    [Theory]
    [InlineData(MissedSlots.RunLatest, 1)]
    [InlineData(MissedSlots.RunAll, 10)]
    public void Missed_slots_are_counted_on_the_own_grid(MissedSlots policy, int runs)
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period).OnMissed(policy));
        visit.Add(Fast, Slow);
        visit.Advance(1);
        visit.Script.Runs.Clear();
        visit.Host.Sleep(71.Seconds);

        Assert.Equal(runs, visit.Script.Of(1).Length);
        Assert.Equal(10, visit.Records(Fast).Skip(1).Sum(record => record.Count));
        Assert.Equal(2, visit.Records(Slow).Skip(1).Sum(record => record.Count));
    }

    [Fact]
    public void Each_key_has_its_own_cron_expression_and_zone()
    {
        Device berlin = new(1) { Cron = "0 8 * * *", Zone = "Europe/Berlin" },
            tokyo = new(2) { Cron = "0 8 * * *", Zone = "Asia/Tokyo" }, utc = new(3) { Cron = "30 1 * * *" };
        using var visit = new VisitHost(task => task.Cron(device => device.Cron!, device => device.Zone));
        visit.Add(berlin, tokyo, utc);
        visit.Advance(86_400);

        Assert.Equal([7 * 3600], visit.Script.Of(1));
        Assert.Equal([23 * 3600], visit.Script.Of(2));
        Assert.Equal([5400], visit.Script.Of(3));
    }

    [Fact]
    public void One_zone_for_all_cron_expressions_is_replaced_by_that_of_the_configuration()
    {
        using var visit = new VisitHost(
            task => task.Cron((Device device) => device.Cron!, "Europe/Berlin"),
            new() { ["RecurringTasks:visit:TimeZone"] = "Asia/Tokyo" });
        visit.Add(new Device(1) { Cron = "0 8 * * *" });
        visit.Advance(86_400);

        Assert.Equal([23 * 3600], visit.Script.Of(1));
    }

    [Fact]
    public void A_clock_that_is_set_moves_each_key_by_its_own_expression()
    {
        using var visit = new VisitHost(task => task.Cron(device => device.Cron!));
        visit.Add(new Device(1) { Cron = "0 * * * *" }, new Device(2) { Cron = "30 * * * *" });
        visit.Advance(60);
        visit.Host.Clock.SetWallClock(LoopHost.Start + 59.Minutes);
        visit.Advance(60 + 1800);

        Assert.Single(visit.Script.Of(1));
        Assert.Equal(2, visit.Script.Of(2).Length); // the slot the clock was set over is run late
    }

    [Fact]
    public void A_schedule_in_configuration_replaces_those_of_the_keys()
    {
        using var visit = new VisitHost(
            task => task.Every(device => device.Period), new() { ["RecurringTasks:visit:Every"] = "00:00:20" });
        visit.Add(Fast, Slow);
        visit.Advance(40);
        Assert.Equal([0, 20, 40], visit.Script.Of(1));
        Assert.Equal([0, 20, 40], visit.Script.Of(2));

        visit.Set("Every", "00:00:05");
        visit.Advance(10);
        Assert.Equal([0, 20, 40, 45, 50], visit.Script.Of(2));
    }

    [Fact]
    public void The_keys_are_asked_when_they_start_and_when_the_options_change_and_at_no_other_time()
    {
        var asked = new List<int>();
        using var visit = new VisitHost(task => task.Every(device =>
        {
            asked.Add(device.Id);
            return device.Period;
        }));
        var device = new Device(1) { Period = 10.Seconds };
        visit.Add(device, Slow);
        Assert.Equal([1, 2], asked);
        device.Period = 3.Seconds;
        visit.Advance(20);
        visit.Host.Configuration.Reload(); // which changes nothing
        visit.Advance(5);
        Assert.Equal([1, 2], asked);
        Assert.Equal([0, 10, 20], visit.Script.Of(1));

        visit.Set("Timeout", "00:00:02");
        Assert.Equal([1, 2, 1, 2], asked);
        visit.Advance(9);
        Assert.Equal([0, 10, 20, 25, 28, 31, 34], visit.Script.Of(1));
        Assert.Equal([0, 30], visit.Script.Of(2)); // its answer is the same, and its rhythm goes on

        visit.Keys.TryRemove(Slow);
        visit.Add(Slow);
        Assert.Equal([1, 2, 1, 2, 2], asked);
    }

    [Fact]
    public void A_found_key_shows_and_changes_its_own_schedule()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period));
        visit.Add(Fast, Slow);
        visit.Advance(1);
        var handle = visit.Keys.Find(Fast)!;
        Assert.Equal(7.Seconds, handle.Options.Every);
        Assert.Equal([7, 14], handle.UpcomingSlots(2).Select(slot => (slot.Slot - LoopHost.Start).TotalSeconds));
        Assert.Equal(LoopHost.Start + 7.Seconds, handle.Snapshot().NextSlot);

        visit.Host.Wait(handle.ChangeAsync(options => options.Jitter = TimeSpan.Zero));
        visit.Advance(13);
        visit.Host.Wait(handle.ChangeAsync(options => options.Every = 2.Seconds));
        visit.Advance(6);
        Assert.Equal([0, 7, 14, 16, 18, 20], visit.Script.Of(1));

        visit.Set("Timeout", "00:00:02"); // a reload sets all options anew, of keys with a handle too
        visit.Advance(14);
        Assert.Equal([0, 7, 14, 16, 18, 20, 27, 34], visit.Script.Of(1));
    }

    [Fact]
    public void An_iteration_is_long_by_the_own_period()
    {
        using var visit = new VisitHost(task => task.Every(device => device.Period));
        visit.Script.Step = _ => new(new TaskCompletionSource().Task);
        visit.Add(Fast, new Device(2) { Period = 1.Days });
        visit.Advance(3 * 3600);

        Assert.Equal(Fast, Assert.Single(visit.Host.Observer.Of(LoopEventKind.Fault)).Key);
    }

    [Fact]
    public void A_second_schedule_is_a_mistake() => Assert.Equal(
        "Recurring task 'visit': it has 2 schedules (Every, Every(key => …)). Keep one, "
            + "or register a task for each and put them under one lock with WithLock.",
        Assert.Throws<InvalidRecurringTaskException>(() => new VisitHost(task => task.Every(1.Seconds)
            .Every(device => device.Period))).Message);

    [Fact]
    public void Keys_of_another_type_are_refused_at_once()
    {
        var services = new ServiceCollection();
        Assert.Equal(
            "Recurring task 'visit': Every(key => …) takes keys of type String, but it was registered with keys of another type. "
            + "Register it with AddRecurringTask<TTask, String>.",
            Assert.Throws<InvalidRecurringTaskException>(() => services.AddRecurringTask<Visit, Device>()
                .Every((string key) => 1.Seconds)).Message);
        Assert.Equal(
            "Recurring task 'task': Cron(key => …) takes keys of type Int32, but it has no keys. "
            + "Register it with AddRecurringTask<TTask, Int32>.",
            Assert.Throws<InvalidRecurringTaskException>(() => services.AddRecurringTask("task", Steps.None)
                .Cron((int key) => "* * * * *")).Message);
    }
}
