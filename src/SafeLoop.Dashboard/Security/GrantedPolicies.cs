using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>The policies to which a mapping grants operations and the texts of errors.</summary>
internal static class GrantedPolicies
{
    /// <summary>Why a policy cannot be evaluated, as a sentence; null: all can.</summary>
    public static string? FindProblem(DashboardMapping dashboard) =>
        FindProblem(dashboard, "AllowOperations", dashboard.Grants.Operations)
            ?? FindProblem(dashboard, "ShowErrors", dashboard.Grants.Errors);

    private static string? FindProblem(DashboardMapping dashboard, string verb, Grant? grant)
    {
        if (grant?.Policy is not { } name)
            return null;
        var call = $"{verb}(\"{name}\") of MapRecurringTasks(\"{dashboard.Prefix}\")";
        return dashboard.Services.GetService<IAuthorizationPolicyProvider>() is not { } policies
            ? $"{call} needs authorization. Call builder.Services.AddAuthorization(…)."
            : policies.GetPolicyAsync(name).GetAwaiter().GetResult() is null
            ? $"{call} names a policy that is not registered. Add it with builder.Services.AddAuthorizationBuilder()"
                + $".AddPolicy(\"{name}\", …)."
            : null;
    }
}
