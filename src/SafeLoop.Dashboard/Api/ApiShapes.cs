using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace SafeLoop.Dashboard;

/// <summary>
/// The parameters of the endpoints as methods, which descriptions (OpenAPI) are made from. Never called: an endpoint reads its
/// parameters itself, so that every mistake is answered in a sentence. A test holds both against each other.
/// </summary>
internal static class ApiShapes
{
    public static void ListTasks(
        [FromQuery] string? text, [FromQuery] RecurringTaskState? state, [FromQuery] string? cursor, [FromQuery] int? pageSize)
    {
    }

    public static void GetTask([FromQuery] string task, [FromQuery] string? key)
    {
    }

    public static void QueryKeys(
        [FromQuery] string task, [FromQuery] string? prefix, [FromQuery] LoopFilter? state, [FromQuery] KeyOrder? order,
        [FromQuery] bool? stored, [FromQuery] string? cursor, [FromQuery] int? pageSize)
    {
    }

    public static void QueryHistory(
        [FromQuery] string? task, [FromQuery] string? key, [FromQuery] IterationOutcome? outcome,
        [FromQuery] OutcomeReason? reason, [FromQuery] DateTimeOffset? from, [FromQuery] DateTimeOffset? to,
        [FromQuery] bool? onlyUnsuccessful, [FromQuery] bool? oldestFirst, [FromQuery] string? cursor, [FromQuery] int? pageSize)
    {
    }

    public static void ExplainSlot([FromQuery] string task, [FromQuery] string? key, [FromQuery] DateTimeOffset at)
    {
    }

    public static void ListUpcoming(
        [FromQuery] DateTimeOffset? from, [FromQuery] DateTimeOffset? to, [FromQuery] string? task)
    {
    }

    public static void PreviewSchedule(
        [FromQuery] string? task, [FromQuery] string? cron,
        [FromQuery, Description("A period such as 00:05:00.")] string? every, [FromQuery] string? zone)
    {
    }

    public static void QuerySamples(
        [FromQuery] Guid instance, [FromQuery] DateTimeOffset from, [FromQuery] DateTimeOffset to, [FromQuery] string? cursor,
        [FromQuery] int? pageSize)
    {
    }

    public static void ListShards([FromQuery] string task)
    {
    }

    public static void QueryTotals(
        [FromQuery] string? task, [FromQuery] DateTimeOffset from, [FromQuery] DateTimeOffset to, [FromQuery] string? cursor,
        [FromQuery] int? pageSize)
    {
    }

    public static void ListCommands([FromQuery] string? task, [FromQuery] string? cursor, [FromQuery] int? pageSize)
    {
    }

    public static void GetCommand([FromQuery] Guid id)
    {
    }

    public static void Operate([FromBody] OperationBody body)
    {
    }

    public static void OperateMany([FromBody] BulkBody body)
    {
    }

    public static void None()
    {
    }
}
