using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>Whether anything says who may read an endpoint.</summary>
internal static class AccessDecision
{
    // Set by the middleware that enforces authorization, also a fallback policy. The framework checks the same key.
    private const string AuthorizationHasRun = "__AuthorizationMiddlewareWithEndpointInvoked";

    /// <summary>True when the endpoint, its group or a fallback policy says who may read.</summary>
    public static bool IsMade(Endpoint endpoint, IServiceProvider services) =>
        IsOwn(endpoint) || FindFallback(services) is not null;

    /// <summary>True when a request is decided: the endpoint says who may read, or the fallback policy was enforced.</summary>
    public static bool IsMade(HttpContext context) => context.GetEndpoint() is { } endpoint
        && (IsOwn(endpoint) || context.Items.ContainsKey(AuthorizationHasRun)) && IsMade(endpoint, context.RequestServices);

    /// <summary>What to add, as a sentence.</summary>
    public static string Missing(DashboardMapping dashboard) =>
        $"Nothing says who may see MapRecurringTasks(\"{dashboard.Prefix}\"). Call RequireAuthorization(…) or AllowAnonymous() "
            + "on its result or on its group, or set a FallbackPolicy and call UseAuthorization().";

    private static bool IsOwn(Endpoint endpoint) => endpoint.Metadata.Any(static metadata =>
        metadata is IAuthorizeData or IAllowAnonymous or AuthorizationPolicy or IAuthorizationRequirementData);

    // The provider of the framework answers at once.
    private static AuthorizationPolicy? FindFallback(IServiceProvider services) =>
        services.GetService<IAuthorizationPolicyProvider>()?.GetFallbackPolicyAsync().GetAwaiter().GetResult();
}
