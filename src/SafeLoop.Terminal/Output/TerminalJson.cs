using System.Text.Json.Serialization;
using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>
/// The documents of the API that are read, and those that <c>--json</c> prints: camel case, enums as text, no nulls.
/// docs/command-line.md describes them.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(NextSlots))]
[JsonSerializable(typeof(OperationBody))]
[JsonSerializable(typeof(ApiProblemText))]
[JsonSerializable(typeof(SchedulePreview))]
[JsonSerializable(typeof(SlotExplanation))]
[JsonSerializable(typeof(TaskCommandStatus))]
[JsonSerializable(typeof(TaskDetail))]
[JsonSerializable(typeof(TaskList))]
[JsonSerializable(typeof(TaskPage))]
[JsonSerializable(typeof(WhyAnswer))]
internal sealed partial class TerminalJson : JsonSerializerContext;
