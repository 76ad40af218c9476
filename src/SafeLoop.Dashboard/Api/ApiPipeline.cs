using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>What happens to every request of the API before and after its handler.</summary>
internal static class ApiPipeline
{
    public static async Task RunAsync(ApiEndpoint endpoint, DashboardMapping dashboard, HttpContext context)
    {
        ResponseHeaders.Apply(context.Response);
        IResult result;
        try
        {
            var request = new ApiRequest(dashboard, context);
            result = Refuse(endpoint, request) ?? await endpoint.Handle(request).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            result = ApiErrors.ToResult(error, context); // a store is user code and may throw anything
        }
        await result.ExecuteAsync(context).ConfigureAwait(false);
    }

    private static IResult? Refuse(ApiEndpoint endpoint, ApiRequest request)
    {
        if (!AccessDecision.IsMade(request.Context))
            return ApiProblem.Forbidden(AccessDecision.Missing(request.Dashboard));
        if (HttpMethods.IsGet(endpoint.Method))
            return null;
        if (CrossSiteCheck.FindProblem(request.Context.Request) is { } problem)
            return ApiProblem.Forbidden(problem);
        return request.Permissions.HasOperations ? null : ApiProblem.Forbidden(
            "Operations are off. The application allows them with MapRecurringTasks(…).AllowOperations(…).");
    }
}
