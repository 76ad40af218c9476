using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;

namespace SafeLoop.Tests.Transport;

/// <summary>What is on the wire between silos, which may have different versions.</summary>
public class WireTests
{
    private readonly Serializer _serializer = new ServiceCollection()
        .AddSerializer(static serializer =>
            serializer.AddAssembly(typeof(MemberRequest).Assembly).AddAssembly(typeof(Newer).Assembly))
        .BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void A_request_and_a_reply_arrive_as_they_were_sent()
    {
        var request = new MemberRequest
        {
            Operation = MemberOperation.Pause,
            Task = "visit",
            Key = "7",
            Reason = "Maintenance.",
            By = "ada",
            Instant = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            Run = Guid.Parse("0198a0de-0000-7000-8000-000000000001"),
        };
        var reply = new MemberReply { Kind = MemberReplyKind.Failed, Value = "1", FaultType = "Argument", Message = "No." };

        Assert.Equal(request, Send<MemberRequest, MemberRequest>(request));
        Assert.Equal(reply, Send<MemberReply, MemberReply>(reply));
    }

    [Fact]
    public void A_property_that_a_newer_version_has_added_is_ignored_and_a_missing_one_has_its_default()
    {
        var older = Send<Newer, Older>(new() { Operation = "pause", Added = "later", AlsoAdded = 7 });
        Assert.Equal("pause", older.Operation);

        var newer = Send<Older, Newer>(new() { Operation = "resume" });
        Assert.Equal(("resume", null, 0), (newer.Operation, newer.Added, newer.AlsoAdded));
    }

    [Fact]
    public void The_numbers_and_texts_on_the_wire_never_change()
    {
        Assert.Equal([0, 1, 2, 3, 4], Enum.GetValues<MemberReplyKind>().Select(static kind => (int)kind));
        Assert.Equal(
            ["notify", "run", "await", "cancel", "pause", "resume", "snapshot", "explain", "add", "remove"],
            typeof(MemberOperation).GetFields().Select(static field => (string)field.GetRawConstantValue()!));
        Assert.Equal("SafeLoop.IMemberService", typeof(IMemberService).FullName); // its hash is part of the address
        Assert.Equal(
            ["SafeLoop.MemberRequest", "SafeLoop.MemberReply", "SafeLoop.IMemberService"],
            ((Type[])[typeof(MemberRequest), typeof(MemberReply), typeof(IMemberService)]).Select(AliasOf));
    }

    [Fact]
    public void Results_are_read_as_they_were_written_and_what_is_unknown_is_ignored()
    {
        var record = new IterationRecord
        {
            Number = 3, Slot = LoopHost.Start, Started = LoopHost.Start.AddSeconds(1), Elapsed = TimeSpan.FromSeconds(2),
            Outcome = IterationOutcome.Failed, Reason = OutcomeReason.None, IsManual = true, Error = "Broken.",
        };
        var snapshot = new RecurringTaskSnapshot { Name = "poll", State = RecurringTaskState.Paused, Last = record, Failed = 7 };
        var explained = new SlotExplanation
        {
            TaskName = "poll", Instant = LoopHost.Start, Text = "It ran.", Finding = SlotFinding.Recorded,
            Entry = new() { TaskName = "poll", Record = record, FencingToken = 9 },
            Pause = new() { Reason = "No.", Since = LoopHost.Start },
        };

        Assert.Equal(record, Read(record, OperationJson.Default.IterationRecord));
        Assert.Equal(snapshot, Read(snapshot, OperationJson.Default.RecurringTaskSnapshot));
        Assert.Equal(explained, Read(explained, OperationJson.Default.SlotExplanation));
        Assert.Equal(
            "poll",
            JsonSerializer.Deserialize("""{"Name":"poll","New":{"A":1}}""", OperationJson.Default.RecurringTaskSnapshot)!.Name);

        static T Read<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
            JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type)!;
    }

    private static string AliasOf(Type type) =>
        type.GetCustomAttributes(typeof(AliasAttribute), false).Cast<AliasAttribute>().Single().Alias;

    private TTo Send<TFrom, TTo>(TFrom value)
    {
        var bytes = _serializer.SerializeToArray(value);
        return _serializer.Deserialize<TTo>(bytes)!;
    }

    [GenerateSerializer]
    internal sealed record Older
    {
        [Id(0)]
        public required string Operation { get; init; }
    }

    [GenerateSerializer]
    internal sealed record Newer
    {
        [Id(0)]
        public required string Operation { get; init; }

        [Id(1)]
        public string? Added { get; init; }

        [Id(7)]
        public int AlsoAdded { get; init; }
    }
}
