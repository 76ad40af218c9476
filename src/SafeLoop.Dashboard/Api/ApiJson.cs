using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace SafeLoop.Dashboard;

/// <summary>How the API writes and reads JSON, whatever the host does: camel case, enums as strings, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BulkBody))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(InstanceList))]
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(OperationBody))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(SamplePage))]
[JsonSerializable(typeof(SchedulePreview))]
[JsonSerializable(typeof(ShardList))]
[JsonSerializable(typeof(SlotExplanation))]
[JsonSerializable(typeof(TaskCommandPage))]
[JsonSerializable(typeof(TaskCommandStatus))]
[JsonSerializable(typeof(TaskDetail))]
[JsonSerializable(typeof(TaskPage))]
[JsonSerializable(typeof(TotalPage))]
[JsonSerializable(typeof(UpcomingList))]
internal sealed partial class ApiJson : JsonSerializerContext;
