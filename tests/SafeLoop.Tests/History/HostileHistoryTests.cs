using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

/// <summary>User code that throws, numbers that are too large, and instants at the ends of time.</summary>
public class HostileHistoryTests
{
    public static TheoryData<string> Schedules { get; } =
        ["every", "spread", "cron", "berlin", "excluded", "one day only", "delay", "continuous", "policy", "broken"];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Any_instant_has_an_answer(string schedule)
    {
        using var host = Run(schedule);
        host.Advance(95.Seconds);
        DateTimeOffset[] instants =
        [
            DateTimeOffset.MinValue, DateTimeOffset.MinValue.AddTicks(1),
            DateTimeOffset.MaxValue, DateTimeOffset.MaxValue.AddTicks(-1),
            new(1, 1, 1, 14, 0, 0, TimeSpan.FromHours(14)), new(9999, 12, 31, 9, 59, 59, TimeSpan.FromHours(-14)),
            DateTimeOffset.UnixEpoch, LoopHost.Start.AddTicks(-1), LoopHost.Start, LoopHost.Start.AddTicks(1),
            .. Enumerable.Range(0, 48).Select(step => LoopHost.Start.AddSeconds(step * 2.5)),
        ];
        foreach (var instant in instants)
        {
            var found = host.Explain("t", instant);
            Assert.EndsWith(".", found.Text);
            Assert.True(found.SlotBefore is null || found.SlotBefore < instant, $"{instant:O}: {found}");
            Assert.True(found.SlotAfter is null || found.SlotAfter > instant, $"{instant:O}: {found}");
        }
        foreach (var record in host["t"].History)
            Assert.NotNull(host.Explain("t", record.Slot).Entry);
    }

    [Fact]
    public void A_policy_that_throws_is_named()
    {
        using var host = Run("broken");
        host.Advance(5.Seconds);

        Assert.EndsWith("; now: The delay policy threw FormatException.", host.Why("t", 30));
    }

    [Fact]
    public void An_exclusion_that_throws_excludes_nothing()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .Except(Exclusion.Dates(day => day.Day == 1 ? throw new FormatException() : true)));
        host.Advance(25.Seconds);

        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:10 UTC ran", host.Why("t", 10));
        Assert.Contains("is excluded by Exclusion.Dates or Exclusion.Weekdays", host.Why("t", 86400));
    }

    [Fact]
    public void A_key_whose_text_throws_has_a_text()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<Mute, MuteKey>().Every(10.Seconds));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Mute, MuteKey>>();
        keys.TryAdd(new(1));
        _ = keys.Find(new(1))!.Completion;
        host.Advance(15.Seconds);

        Assert.StartsWith(
            "The slot of 'mute[a key whose ToString throws FormatException]' at 2026-01-01 00:00:10 UTC ran and succeeded",
            host.Why("mute", 10, new MuteKey(1)));
        Assert.Equal("a key whose ToString throws FormatException", host.Query().Entries[0].Key);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - 1)]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_count_may_be_anything(long count)
    {
        using var host = Run("every");
        host.Advance(5.Seconds);
        var now = LoopHost.Start + 200.Seconds;
        host["t"].OwnLoop!.Log.Skip(count, now, OutcomeReason.Paused, now);

        Assert.NotEmpty(host.Query().Entries);
        Assert.StartsWith("The slot of 't' at 2026-01-01 00:03:20 UTC was skipped because the task was "
            + "paused", host.Why("t", 200));
        Assert.NotEmpty(host.Why("t", 100));
    }

    [Fact]
    public void Thirty_million_slots_have_their_first_one()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("* * * * * *"));
        var slot = LoopHost.Start + 30_000_000.Seconds;
        host["t"].OwnLoop!.Log.Skip(30_000_000, slot, OutcomeReason.HostDown, slot);

        Assert.Equal(LoopHost.Start + 1.Seconds, host.Query().Entries[0].FirstSlot);
    }

    [Fact]
    public void The_first_of_irregular_slots_is_found()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None)
            .Cron("7,8,50 3-5 * * 1-5", "Europe/Berlin").Except(Exclusion.Times(new(4, 0), new(4, 30))));
        host["t"].Pause();
        var slots = host["t"].UpcomingSlots(5000);
        foreach (var count in new[] { 2, 3, 8, 77, 1234, 5000 })
        {
            var last = slots[count - 1].Slot;
            host["t"].OwnLoop!.Log.Resize(1);
            host["t"].OwnLoop!.Log.Add(new(last, last, IterationOutcome.Skipped, (OutcomeReason)count, count), null);
            Assert.Equal(slots[0].Slot, host.Query().Entries[0].FirstSlot);
        }
    }

    [Fact]
    public void An_entry_of_a_store_may_hold_anything()
    {
        using var host = Run("cron");
        var entry = Entry("t", 10, (IterationOutcome)99, (OutcomeReason)99, count: long.MaxValue, first: -1e9) with
        {
            FencingToken = long.MinValue,
        };
        var error = "\u202e\r\n" + new string('x', 100_000);
        entry = entry with { Record = entry.Record with { Error = error, Elapsed = TimeSpan.MinValue } };
        var text = host.Explain("t", 10, store: new EntryStore(entry)).Text;

        Assert.Contains("ended as 99 (99) with '\\u202E\\r\\nxxx", text);
        Assert.InRange(text.Length, 100, 1000);
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        using var host = Run("berlin");
        host.Advance(1.Hours);
        var (expected, before) = (host.Why("t", 90.5), CultureInfo.CurrentCulture);
        var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (strange.NumberFormat.NumberDecimalSeparator, strange.NumberFormat.NegativeSign) = ("·", "~");
        (strange.DateTimeFormat.TimeSeparator, strange.DateTimeFormat.DateSeparator) = ("h", "|");
        try
        {
            CultureInfo.CurrentCulture = strange;
            Assert.Equal(expected, host.Why("t", 90.5));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_name_is_needed(string? name)
    {
        using var host = new LoopHost(_ => { });
        await Assert.ThrowsAnyAsync<ArgumentException>(() => host.History().ExplainAsync(name!, LoopHost.Start).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => host.History().QueryAsync(null!).AsTask());
    }

    private static LoopHost Run(string schedule) => LoopHost.Run(services =>
    {
        var task = services.AddRecurringTask("t", Steps.Taking(3.Seconds));
        _ = schedule switch
        {
            "every" => task.Every(10.Seconds),
            "spread" => task.Every(10.Seconds).Spread().WithJitter(2.Seconds),
            "cron" => task.Cron("*/10 * * * * *"),
            "berlin" => task.Cron("*/7 * * * * *", "Europe/Berlin"),
            "excluded" => task.Every(10.Seconds).Except(Exclusion.Cron("30 * * * * *", 20.Seconds)),
            "one day only" => task.Cron("*/10 * * * * *").Except(Exclusion.Dates(day => day != new DateOnly(2026, 1, 1))),
            "delay" => task.WithDelay(10.Seconds),
            "continuous" => task.Continuously(),
            "policy" => task.DelayBy(new ScriptedPolicy((_, now) => now + 8.Seconds)),
            _ => task.DelayBy(new ScriptedPolicy((_, _) => throw new FormatException())),
        };
    });

    private sealed class Mute : IRecurringTask<MuteKey>
    {
        public ValueTask RunAsync(MuteKey key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed record MuteKey(int Id)
    {
        public override string ToString() => throw new FormatException();
    }
}
