using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Observing;

/// <summary>
/// A web API can return tasks as readable JSON: with the default options, with those of the web, and with source generation.
/// </summary>
public sealed partial class JsonTests : IDisposable
{
    private readonly LoopHost _host = LoopHost.Run(services =>
    {
        services.AddRecurringTask("task", (_, _) => throw new FormatException("on \"purpose\"\nand again")).Every(10.Seconds)
            .WithTimeout(5.Seconds);
        services.AddRecurringTask<Fails, Key>("keyed").Every(10.Seconds);
    });

    public static TheoryData<string> Options => ["default", "web", "generated", "generated web"];

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Options))]
    public void A_snapshot_has_its_errors_as_text_and_its_enums_by_name(string options)
    {
        var json = Write(_host["task"].Snapshot(), options);

        Assert.Equal(("task", "Waiting", 1), (Text(json, "Name"), Text(json, "State"), (int)json[Name(json, "Failed")]!));
        Assert.Equal(("Failed", "None"), (Text(json, "LastOutcome"), Text(json, "Last", "Reason")));
        Assert.Equal("FormatException: on \"purpose\"\nand again", Text(json, "LastError"));
        Assert.Equal(("2026-01-01T00:00:10+00:00", "00:00:00"), (Text(json, "NextSlot"), Text(json, "Last", "Lateness")));
        Assert.DoesNotContain("LastException", json.Select(property => property.Key), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_handle_is_its_snapshot(string options)
    {
        Assert.Equal(Write(_host["task"].Snapshot(), options).ToJsonString(), Write(_host["task"], options).ToJsonString());
    }

    [Fact]
    public void A_handle_needs_no_more_than_itself_in_a_generated_context()
    {
        Assert.Equal(
            JsonSerializer.Serialize(_host["task"].Snapshot()),
            JsonSerializer.Serialize(_host["task"], OnlyHandles.Default.RecurringTaskHandle));
    }

    [Fact]
    public void All_tasks_and_what_wraps_them_are_written()
    {
        var all = JsonNode.Parse(JsonSerializer.Serialize(_host.Tasks.All, JsonSerializerOptions.Web))!.AsArray();
        var book = JsonNode.Parse(JsonSerializer.Serialize(_host.Tasks, JsonSerializerOptions.Web))!;
        var anonymous = JsonNode.Parse(JsonSerializer.Serialize(new { at = 1, task = (object)_host["task"] }))!;

        Assert.Equal("task", (string)all[0]!["name"]!);
        Assert.Equal("task", (string)book["all"]![0]!["name"]!);
        Assert.Equal("task", (string)anonymous["task"]!["Name"]!);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_record_is_written_and_read_back(string options)
    {
        var record = _host["task"].History[0];
        var json = Write(record, options);

        Assert.Equal(
            ("Failed", "None", "2026-01-01T00:00:00+00:00"), (Text(json, "Outcome"), Text(json, "Reason"), Text(json, "Slot")));
        Assert.Equal(record, Read<IterationRecord>(json, options));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_slot_to_come_is_written_and_read_back(string options)
    {
        var slot = _host["task"].UpcomingSlots(1)[0];
        var json = Write(slot, options);

        Assert.Equal(("2026-01-01T00:00:10+00:00", "None"), (Text(json, "Slot"), Text(json, "Daylight")));
        Assert.Equal(slot, Read<UpcomingSlot>(json, options));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void An_event_is_written_with_its_key_and_error_as_text(string options)
    {
        _host.Services.GetRequiredService<IRecurringTaskKeys<Fails, Key>>().TryAdd(new(7));
        _host.Settle();
        var json = Write(_host.Observer.Of(LoopEventKind.IterationEnded).Last(e => e.TaskName == "keyed"), options);

        Assert.Equal(("IterationEnded", "keyed", "seven"), (Text(json, "Kind"), Text(json, "TaskName"), Text(json, "KeyText")));
        Assert.Equal(("NotSupportedException: keyed", "Failed"), (Text(json, "Error"), Text(json, "Record", "Outcome")));
    }

    [Fact]
    public void Keys_are_written_as_they_are_and_a_keyed_task_with_their_counts()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<FailsByNumber, int>("keyed").Every(10.Seconds));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<FailsByNumber, int>>();
        keys.TryAdd(7);
        host.Settle();
        var key = JsonNode.Parse(JsonSerializer.Serialize(keys.FindFailing(1), JsonSerializerOptions.Web))![0]!.AsObject();

        Assert.Equal(
            (7, "Failed", "NotSupportedException: 7"), ((int)key["key"]!, Text(key, "lastOutcome"), Text(key, "lastError")));
        Assert.Equal(1, (int)Write(host["keyed"], "generated")["Keys"]!["Failing"]!);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_failure_is_written_without_its_token(string options)
    {
        var failure = new RecurringTaskFailure
        {
            TaskName = "task",
            Number = 3,
            Slot = LoopHost.Start,
            Outcome = IterationOutcome.TimedOut,
            Exception = new FormatException("x"),
            ConsecutiveFailures = 2,
            CancellationToken = new CancellationToken(true),
            Key = new Key(7),
        };
        var json = Write(failure, options);

        Assert.Equal(
            ("task", "TimedOut", "FormatException: x", "seven"),
            (Text(json, "TaskName"), Text(json, "Outcome"), Text(json, "Error"), Text(json, "KeyText")));
        Assert.DoesNotContain("CancellationToken", json.Select(property => property.Key), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_are_written_as_far_as_configuration_can_set_them(string options)
    {
        var json = Write(_host["task"].Options, options);

        Assert.Equal(
            ("00:00:10", "00:00:05", "RunLatest", "Skip"),
            (Text(json, "Every"), Text(json, "Timeout"), Text(json, "Missed", "Policy"), Text(json, "Lock", "WhenHeld")));
        Assert.DoesNotContain("WhileChecks", json.Select(property => property.Key), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_handle_is_not_read_back_and_says_so()
    {
        var error = Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<RecurringTaskHandle>("{}"));

        Assert.Contains("IRecurringTasks", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_whose_message_throws_breaks_no_answer()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("task", (_, _) => throw new Unspeakable()).Every(10.Seconds));

        Assert.Equal(
            "Unspeakable: its message cannot be read (InvalidOperationException)", Text(Write(host["task"], "web"), "LastError"));
    }

    private static JsonSerializerOptions Rules(string options) => options switch
    {
        "default" => JsonSerializerOptions.Default,
        "web" => JsonSerializerOptions.Web,
        "generated" => Generated.Default.Options,
        _ => new(JsonSerializerDefaults.Web) { TypeInfoResolver = Generated.Default },
    };

    private static JsonObject Write<T>(T value, string options) =>
        JsonNode.Parse(JsonSerializer.Serialize(value, Rules(options)))!.AsObject();

    private static T Read<T>(JsonObject json, string options) =>
        JsonSerializer.Deserialize<T>(json.ToJsonString(), Rules(options))!;

    private static string Name(JsonObject json, string name) =>
        json.ContainsKey(name) ? name : JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string? Text(JsonObject json, params string[] path)
    {
        JsonNode? node = json;
        foreach (var name in path)
            node = node!.AsObject()[Name(node!.AsObject(), name)];
        return (string?)node;
    }

    [JsonSerializable(typeof(RecurringTaskSnapshot))]
    [JsonSerializable(typeof(RecurringTaskHandle))]
    [JsonSerializable(typeof(IterationRecord))]
    [JsonSerializable(typeof(UpcomingSlot))]
    [JsonSerializable(typeof(LoopEvent))]
    [JsonSerializable(typeof(RecurringTaskFailure))]
    [JsonSerializable(typeof(RecurringTaskOptions))]
    private sealed partial class Generated : JsonSerializerContext;

    [JsonSerializable(typeof(RecurringTaskHandle))]
    private sealed partial class OnlyHandles : JsonSerializerContext;

    private sealed record Key(int Number)
    {
        public Key Itself => this; // no serializer comes to its end here

        public override string ToString() => Number == 7 ? "seven" : "other";
    }

    private sealed class Unspeakable : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }

    private sealed class FailsByNumber : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new NotSupportedException($"{key}");
    }

    private sealed class Fails : IRecurringTask<Key>
    {
        public ValueTask RunAsync(Key key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new NotSupportedException("keyed");
    }
}
