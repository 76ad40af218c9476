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
        _seesErrors ??= (await EvaluateAsync(grants.Errors, null).ConfigureAwait(false)).IsGranted;

    /// <summary>True when the user may do this, so that a page offers it.</summary>
    public async ValueTask<bool> CanAsync(RecurringTaskOperation operation) =>
        (await EvaluateAsync(operation).ConfigureAwait(false)).IsGranted;

    /// <summary>Whether the user may do this; if not, whether logging in may help.</summary>
    public ValueTask<Access> EvaluateAsync(RecurringTaskOperation operation) => EvaluateAsync(grants.Operations, operation);

    private async ValueTask<Access> EvaluateAsync(Grant? grant, object? resource)
    {
        var reader = context.User;
        if (grant is null)
            return new(IsGranted: false, IsChallenged: false, reader, null);
        try
        {
            if (await FindPolicyAsync(grant.Policy).ConfigureAwait(false) is not { } policy)
                return new(IsGranted: true, IsChallenged: false, reader, null);
            var evaluator = context.RequestServices.GetRequiredService<IPolicyEvaluator>();
            // A policy with schemes of its own replaces the user of the request.
            var user = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
            var result = await evaluator.AuthorizeAsync(policy, user, context, resource).ConfigureAwait(false);
            return new(result.Succeeded, result.Challenged, context.User, policy);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new PolicyFailedException(error); // a handler is user code; what it throws is no answer about a task
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
