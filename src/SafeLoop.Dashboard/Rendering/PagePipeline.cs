using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace SafeLoop.Dashboard;

/// <summary>What happens to every request for a page before and after its handler.</summary>
internal static class PagePipeline
{
    public static async Task RunAsync(PageEndpoint endpoint, DashboardMapping dashboard, SharedReads reads, HttpContext context)
    {
        ResponseHeaders.Apply(context.Response);
        if (endpoint.Path.Length == 0 && context.Request.Path.Value is { } path && !path.EndsWith('/'))
        {
            RedirectBelow(context, dashboard);
            return;
        }
        var request = new PageRequest(dashboard, reads, context, endpoint.Path);
        IResult result;
        try
        {
            result = Refuse(endpoint, request) ?? await endpoint.Handle(request).ConfigureAwait(false);
            await AsPage(request, result).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            result = ApiErrors.ToResult(error, context); // a store is user code and may throw and answer anything
        }
        await AsPage(request, result).ExecuteAsync(context).ConfigureAwait(false);
    }

    private static IResult AsPage(PageRequest request, IResult result) =>
        result is IValueHttpResult<ProblemDetails> { Value: { } problem }
        ? request.Problem(problem.Status ?? 500, problem.Title ?? "", problem.Detail ?? "")
        : result;

    // Relative, because a proxy may have removed a part of the path; with the slash all links are relative to one place.
    private static void RedirectBelow(HttpContext context, DashboardMapping dashboard)
    {
        var last = dashboard.Prefix[(dashboard.Prefix.LastIndexOf('/') + 1)..];
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"{last}/{context.Request.QueryString.ToUriComponent()}";
    }

    private static IResult? Refuse(PageEndpoint endpoint, PageRequest request)
    {
        var (context, api) = (request.Context, request.Api);
        if (!AccessDecision.IsMade(context))
            return ApiProblem.Forbidden(AccessDecision.Missing(api.Dashboard));
        return HttpMethods.IsGet(endpoint.Method) || CrossSiteCheck.FindProblem(context.Request) is not { } problem
            ? null
            : ApiProblem.Forbidden(problem);
    }
}
