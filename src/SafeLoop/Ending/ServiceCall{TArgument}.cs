using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A check or handler that takes services.</summary>
/// <remarks>
/// The options hold it as a delegate among those that take none. The loop recognizes it by the delegate's target.
/// </remarks>
internal sealed class ServiceCall<TArgument>(Func<IServiceProvider, Func<TArgument, ValueTask<bool>>> bind, params Type[] needs)
{
    private Func<TArgument, ValueTask<bool>>? _bound;

    /// <summary>The services it takes.</summary>
    public IReadOnlyList<Type> Needs => needs;

    /// <summary>The call behind a check or handler; null when it takes no services.</summary>
    public static ServiceCall<TArgument>? Find(Delegate call) => call.Target as ServiceCall<TArgument>;

    /// <summary>The delegate for the checks of the options. Not callable.</summary>
    public ValueTask<bool> AsCheck(TArgument argument) => throw OutsideItsLoop();

    /// <summary>The delegate for the failure handlers of the options. Not callable.</summary>
    public ValueTask AsHandler(TArgument argument) => throw OutsideItsLoop();

    public ValueTask<bool> RunAsync(CallServices services, TArgument argument) => services.IsSingleton
        ? (_bound ??= bind(services.Application))(argument)
        : RunInScopeAsync(services.Scopes, argument);

    private async ValueTask<bool> RunInScopeAsync(IServiceScopeFactory scopes, TArgument argument)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
            return await bind(scope.ServiceProvider)(argument).ConfigureAwait(false);
    }

    private static InvalidOperationException OutsideItsLoop() =>
        new("This check or handler takes services, which only its loop can give it. Call it through its recurring task.");
}
