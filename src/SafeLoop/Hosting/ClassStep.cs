using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The step of a task that is a class. What its constructors need and nobody has registered would fail every iteration, and is asked for before.</summary>
internal static class ClassStep
{
    public static TaskStep Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        IServiceCollection services, Func<T, Iteration, CancellationToken, ValueTask> run)
        where T : class => new(
            TaskNames.Of(typeof(T)),
            provider =>
            {
                var task = provider.GetRequiredService<T>();
                return (iteration, token) => run(task, iteration, token);
            },
            typeof(T))
        {
            MissingIn = registered => IsBuiltByContainer(services, typeof(T)) ? Missing(typeof(T), registered) : [],
        };

    // Whoever has registered it in a way of their own knows what it needs.
    private static bool IsBuiltByContainer(IServiceCollection services, Type type) =>
        services.LastOrDefault(service => service.ServiceType == type && !service.IsKeyedService)?.ImplementationType == type;

    private static IEnumerable<(Type, object?)> Missing([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, IServiceProviderIsService registered) =>
        type.GetConstructors()
            .Select(constructor => constructor.GetParameters().Where(parameter => !IsRegistered(parameter, registered)).Select(parameter => (parameter.ParameterType, KeyOf(parameter)?.Key)))
            .MinBy(missing => missing.Count()) ?? [];

    private static bool IsRegistered(ParameterInfo parameter, IServiceProviderIsService registered)
    {
        if (parameter.HasDefaultValue)
            return true;
        return KeyOf(parameter) is { } keyed
            ? registered is not IServiceProviderIsKeyedService keys || keyed.LookupMode is not ServiceKeyLookupMode.ExplicitKey || keys.IsKeyedService(parameter.ParameterType, keyed.Key)
            : registered.IsService(parameter.ParameterType);
    }

    private static FromKeyedServicesAttribute? KeyOf(ParameterInfo parameter) => parameter.GetCustomAttribute<FromKeyedServicesAttribute>();
}
