using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A check or handler that takes services.</summary>
/// <remarks>
/// The options hold it as a delegate, like checks without services. The loop recognizes it by the delegate's target.
/// </remarks>
internal sealed class ServiceCall<TArgument>(Func<IServiceProvider, Func<TArgument, ValueTask<bool>>> bind, params Type[] needs)
{
    private Func<TArgument, ValueTask<bool>>? _bound;

    /// <summary>The types of the services.</summary>
    public IReadOnlyList<Type> Needs => needs;

    /// <summary>Creates a call that takes one service.</summary>
    public static ServiceCall<TArgument> From<T>(Func<T, TArgument, ValueTask<bool>> call)
        where T : notnull
    {
        return new(Bind, typeof(T));

        Func<TArgument, ValueTask<bool>> Bind(IServiceProvider services)
        {
            var one = services.GetRequiredService<T>();
            return argument => call(one, argument);
        }
    }

    /// <summary>Creates a call that takes two services.</summary>
    public static ServiceCall<TArgument> From<T1, T2>(Func<T1, T2, TArgument, ValueTask<bool>> call)
        where T1 : notnull
        where T2 : notnull
    {
        return new(Bind, typeof(T1), typeof(T2));

        Func<TArgument, ValueTask<bool>> Bind(IServiceProvider services)
        {
            var (one, two) = (services.GetRequiredService<T1>(), services.GetRequiredService<T2>());
            return argument => call(one, two, argument);
        }
    }

    /// <summary>Finds the call behind a check or handler; null when it takes no services.</summary>
    public static ServiceCall<TArgument>? Find(Delegate call) => call.Target as ServiceCall<TArgument>;

    /// <summary>A placeholder delegate for the checks of the options. Throws when called.</summary>
    public ValueTask<bool> AsCheck(TArgument argument) => throw OutsideItsLoop();

    /// <summary>A placeholder delegate for the failure handlers of the options. Throws when called.</summary>
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
