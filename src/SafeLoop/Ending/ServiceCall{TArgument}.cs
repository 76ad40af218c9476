using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A check or a handler that takes services. It stands among those that take none; its loop knows it by its delegate.</summary>
internal sealed class ServiceCall<TArgument>(Func<IServiceProvider, Func<TArgument, ValueTask<bool>>> bind, params Type[] needs)
{
    private Func<TArgument, ValueTask<bool>>? _bound;

    /// <summary>The services it takes.</summary>
    public IReadOnlyList<Type> Needs => needs;

    /// <summary>The call behind a check or a handler; null: it takes no services.</summary>
    public static ServiceCall<TArgument>? Of(Delegate call) => call.Target as ServiceCall<TArgument>;

    /// <summary>How it is kept among the checks of the options.</summary>
    public ValueTask<bool> AsCheck(TArgument argument) => throw OutsideItsLoop();

    /// <summary>How it is kept among the handlers of the options.</summary>
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
