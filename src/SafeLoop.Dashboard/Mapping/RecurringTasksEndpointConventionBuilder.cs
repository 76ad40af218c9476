using Microsoft.AspNetCore.Builder;

namespace SafeLoop.Dashboard;

/// <summary>Says who may see the dashboard and its API, who may act, and who sees the texts of errors.</summary>
/// <remarks>
/// The conventions of the framework, such as <c>RequireAuthorization</c>, <c>AllowAnonymous</c> or <c>RequireHost</c>, apply to
/// all endpoints: without them no user can read, and so none can operate.
/// </remarks>
/// <threadsafety>Not thread-safe, like the application it belongs to.</threadsafety>
public sealed class RecurringTasksEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _group;
    private readonly Grants _grants;

    internal RecurringTasksEndpointConventionBuilder(IEndpointConventionBuilder group, Grants grants) =>
        (_group, _grants) = (group, grants);

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _group.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _group.Finally(finallyConvention);

    /// <summary>Allows all operations to all who may read. With <c>AllowAnonymous</c> that is everyone.</summary>
    /// <returns>This builder.</returns>
    public RecurringTasksEndpointConventionBuilder AllowOperations()
    {
        _grants.Operations = Grant.ToReaders;
        return this;
    }

    /// <summary>Allows operations to those who satisfy a policy.</summary>
    /// <param name="policy">
    /// The name of the policy. It is evaluated for each operation, with a <see cref="RecurringTaskOperation"/> as its resource.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="policy"/> is empty.</exception>
    public RecurringTasksEndpointConventionBuilder AllowOperations(string policy)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(policy);
        _grants.Operations = Grant.To(policy);
        return this;
    }

    /// <summary>Shows the texts and stack traces of errors to all who may read.</summary>
    /// <returns>This builder.</returns>
    /// <remarks>Messages of exceptions may hold what your users have entered, host names or connection strings.</remarks>
    public RecurringTasksEndpointConventionBuilder ShowErrors()
    {
        _grants.Errors = Grant.ToReaders;
        return this;
    }

    /// <summary>Shows the texts and stack traces of errors to those who satisfy a policy.</summary>
    /// <param name="policy">The name of the policy.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="policy"/> is empty.</exception>
    public RecurringTasksEndpointConventionBuilder ShowErrors(string policy)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(policy);
        _grants.Errors = Grant.To(policy);
        return this;
    }
}
