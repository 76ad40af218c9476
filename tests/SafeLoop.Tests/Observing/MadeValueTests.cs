using System.Text.Json;

namespace SafeLoop.Tests.Observing;

/// <summary>Values that a host hands out can be made by consumers, for their own tests.</summary>
public class MadeValueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<Type> Values =>
    [
        typeof(RecurringTaskSnapshot), typeof(KeyCounts), typeof(KeySnapshot<string>), typeof(IterationRecord),
        typeof(RecurringTaskFailure),
        typeof(LoopLockRequest), typeof(UpcomingSlot), typeof(LoopEvent),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_value_has_one_constructor_without_parameters_and_init_properties(Type type)
    {
        Assert.All(type.GetConstructors(), constructor => Assert.Empty(constructor.GetParameters()));
        Assert.True(type.IsValueType || type.GetConstructor([]) is not null, $"{type.Name} cannot be made.");
        Assert.All(type.GetProperties().Where(property => property.SetMethod is not null),
            property => Assert.True(property.SetMethod!.IsPublic, property.Name));
    }

    [Fact]
    public void A_snapshot_can_be_made_and_says_what_was_set()
    {
        var snapshot = new RecurringTaskSnapshot
        {
            Name = "nightly",
            State = RecurringTaskState.Waiting,
            Failed = 1,
            Last =
                new IterationRecord { Number = 3, Slot = Noon, Outcome = IterationOutcome.Failed, Error = "FormatException: x" },
            LastError = "FormatException: x",
            Keys = new KeyCounts { Count = 2, Failing = 1 },
        };

        Assert.Equal(("nightly", 1L, "FormatException: x", 2),
            (snapshot.Name, snapshot.Failed, snapshot.LastError, snapshot.Keys.Count));
        Assert.Equal("IOException: gone", (snapshot with { LastException = new IOException("gone") }).LastError);
        Assert.Equal(snapshot, JsonSerializer.Deserialize<RecurringTaskSnapshot>(JsonSerializer.Serialize(snapshot)));
    }

    [Fact]
    public void A_snapshot_is_at_first_a_task_that_has_not_started()
    {
        var snapshot = new RecurringTaskSnapshot();
        Assert.Equal(("", RecurringTaskState.NotStarted, null), (snapshot.Name, snapshot.State, snapshot.Last));
    }

    [Fact]
    public void A_record_stands_for_one_slot_unless_more_are_set()
    {
        var record = new IterationRecord
        {
            Slot = Noon,
            Started = Noon.AddSeconds(2),
            Outcome = IterationOutcome.Succeeded,
            Elapsed = TimeSpan.FromSeconds(1)
        };

        Assert.Equal((1L, TimeSpan.FromSeconds(2), OutcomeReason.None), (record.Count, record.Lateness, record.Reason));
        Assert.Equal(2, new IterationRecord { Outcome = IterationOutcome.Skipped, Count = 2 }.Count);
        Assert.Equal((0L, IterationOutcome.None), (default(IterationRecord).Count, default(IterationRecord).Outcome));
    }

    [Fact]
    public void A_failure_is_the_first_one_unless_it_says_otherwise()
    {
        var failure = new RecurringTaskFailure { TaskName = "nightly", Slot = Noon, Exception = new IOException("gone") };

        Assert.Equal(("nightly", 1L, IterationOutcome.Failed, 1),
            (failure.TaskName, failure.Number, failure.Outcome, failure.ConsecutiveFailures));
        Assert.Equal("IOException: gone", failure.Error);
        Assert.Equal("", default(RecurringTaskFailure).TaskName);
    }

    [Fact]
    public void A_lock_request_asks_once_for_a_lease_of_the_providers_length()
    {
        var request = new LoopLockRequest { Name = "prices" };

        Assert.Equal(("prices", null, false, null), (request.Name, request.AtMostFor, request.Wait, request.TaskName));
        Assert.Equal("", default(LoopLockRequest).Name);
    }

    [Fact]
    public void A_slot_to_come_is_an_ordinary_one_without_a_zone()
    {
        var slot = new UpcomingSlot { Slot = Noon };
        Assert.Equal((Noon, DaylightReason.None, null), (slot.Slot, slot.Daylight, slot.Zone));
    }

    [Fact]
    public void The_snapshot_of_a_key_needs_the_key_only()
    {
        var snapshot = new KeySnapshot<string> { Key = "a" };
        Assert.Equal(("a", RecurringTaskState.NotStarted), (snapshot.Key, snapshot.State));
    }
}
