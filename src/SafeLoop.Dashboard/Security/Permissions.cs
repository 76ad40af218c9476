using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>What the user of a request may do beyond reading.</summary>
/// <param name="grants">What the mapping grants.</param>
/// <param name="context">The request.</param>
internal sealed class Permissions(Grants grants, HttpContext context)
{
    private bool? _seesErrors;

    /// <summary>False when the mapping allows no operation to anybody.</summary>
    public bool HasOperations => grants.Operations is not null;

    /// <summary>True when the user may see the texts of errors.</summary>
    public async ValueTask<bool> CanSeeErrorsAsync() =>
        _seesErrors ??= (await EvaluateAsync(grants.Errors, null).ConfigureAwait(false)).Succeeded;

    /// <summary>True when the user may do this, so that a page offers it.</summary>
    public async ValueTask<bool> CanAsync(RecurringTaskOperation operation) =>
        (await EvaluateAsync(grants.Operations, operation).ConfigureAwait(false)).Succeeded;

    /// <summary>Whether the user may do this; if not, whether logging in may help.</summary>
    public ValueTask<PolicyAuthorizationResult> EvaluateAsync(RecurringTaskOperation operation) =>
        EvaluateAsync(grants.Operations, operation);

    /// <summary>The policy of operations; null: there is none.</summary>
    public ValueTask<AuthorizationPolicy?> FindPolicyAsync() => FindPolicyAsync(grants.Operations?.Policy);

    private async ValueTask<PolicyAuthorizationResult> EvaluateAsync(Grant? grant, object? resource)
    {
        if (grant is null)
            return PolicyAuthorizationResult.Forbid();
        if (await FindPolicyAsync(grant.Policy).ConfigureAwait(false) is not { } policy)
            return PolicyAuthorizationResult.Success();
        var (evaluator, reader) = (context.RequestServices.GetRequiredService<IPolicyEvaluator>(), context.User);
        try
        {
            // A policy with schemes of its own replaces the user of the request.
            var user = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
            return await evaluator.AuthorizeAsync(policy, user, context, resource).ConfigureAwait(false);
        }
        finally
        {
            context.User = reader;
        }
    }

    private async ValueTask<AuthorizationPolicy?> FindPolicyAsync(string? name)
    {
        if (name is null)
            return null;
        var policies = context.RequestServices.GetService<IAuthorizationPolicyProvider>()
            ?? throw new InvalidOperationException(
                $"The dashboard needs the policy '{name}', but authorization is not registered. Call AddAuthorization().");
        return await policies.GetPolicyAsync(name).ConfigureAwait(false)
            ?? throw new InvalidOperationException(
                $"The dashboard needs the policy '{name}', which is not registered. Add it with AddAuthorizationBuilder().");
    }
}
