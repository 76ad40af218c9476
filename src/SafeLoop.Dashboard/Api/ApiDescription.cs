using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace SafeLoop.Dashboard;

/// <summary>Describes the endpoints for OpenAPI, in a group of their own: they are not part of the host's document.</summary>
internal static class ApiDescription
{
    /// <summary>The name of the group: <c>AddOpenApi("safeloop")</c> makes its document.</summary>
    public const string Group = "safeloop";

    public static void Describe(IEndpointConventionBuilder builder, ApiEndpoint endpoint, DashboardMapping dashboard)
    {
        var shape = ShapeOf(endpoint).Method;
        builder.WithGroupName(Group).WithTags("SafeLoop").WithSummary(endpoint.Summary);
        // Names of endpoints are unique in an application, which may have other ones and several mappings.
        builder.WithName($"{string.Concat(dashboard.Prefix.Where(char.IsAsciiLetterOrDigit))}_{endpoint.Name}");
        builder.WithMetadata(shape);
        foreach (var parameter in shape.GetParameters())
            builder.WithMetadata(new DescribedParameter(parameter));
        builder.WithMetadata(new ProducesResponseTypeMetadata(
            endpoint.Status, endpoint.Response, [endpoint.Path == "events" ? "text/event-stream" : "application/json"]));
        if (endpoint.Name == "OperateMany")
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(
                StatusCodes.Status200OK, endpoint.Response, ["application/json"]));
        }
        foreach (var status in StatusesOf(endpoint))
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
    }

    private static int[] StatusesOf(ApiEndpoint endpoint) => HttpMethods.IsGet(endpoint.Method)
        ? [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable]
        :
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
            StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable,
        ];

    private static Delegate ShapeOf(ApiEndpoint endpoint) => endpoint.Name switch
    {
        "ListTasks" => ApiShapes.ListTasks,
        "GetTask" => ApiShapes.GetTask,
        "QueryKeys" => ApiShapes.QueryKeys,
        "QueryHistory" => ApiShapes.QueryHistory,
        "ExplainSlot" => ApiShapes.ExplainSlot,
        "ListUpcoming" => ApiShapes.ListUpcoming,
        "PreviewSchedule" => ApiShapes.PreviewSchedule,
        "QuerySamples" => ApiShapes.QuerySamples,
        "ListShards" => ApiShapes.ListShards,
        "QueryTotals" => ApiShapes.QueryTotals,
        "ListCommands" => ApiShapes.ListCommands,
        "GetCommand" => ApiShapes.GetCommand,
        "OperateMany" => ApiShapes.OperateMany,
        _ when endpoint.Body is not null => ApiShapes.Operate,
        _ => ApiShapes.None,
    };
}
