using System.Text.Json.Serialization;

namespace SafeLoop.Aot;

/// <summary>As a user writes it: what the source generator makes of it may use only what is public.</summary>
[JsonSerializable(typeof(RecurringTaskHandle))]
[JsonSerializable(typeof(RecurringTaskSnapshot))]
[JsonSerializable(typeof(IterationRecord))]
[JsonSerializable(typeof(UpcomingSlot))]
[JsonSerializable(typeof(LoopEvent))]
[JsonSerializable(typeof(RecurringTaskFailure))]
[JsonSerializable(typeof(RecurringTaskOptions))]
internal sealed partial class JsonContext : JsonSerializerContext;
