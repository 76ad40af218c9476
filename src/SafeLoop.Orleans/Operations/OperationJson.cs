using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>
/// The results of operations on the wire. A property that another version has added is ignored, and one that is missing has its
/// default.
/// </summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IterationRecord))]
[JsonSerializable(typeof(RecurringTaskSnapshot))]
[JsonSerializable(typeof(SlotExplanation))]
[JsonSerializable(typeof(bool))]
internal sealed partial class OperationJson : JsonSerializerContext;
