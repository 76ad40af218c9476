using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A public constructor as the container sees it: which parameters are services, and which are missing.</summary>
internal sealed class ServiceConstructor
{
    private readonly List<ServiceId> _needs = [], _missing = [];

    /// <param name="constructor">A constructor of a class that the container builds.</param>
    /// <param name="id">The service for which it is built.</param>
    /// <param name="registered">Reports which services are registered.</param>
    public ServiceConstructor(ConstructorInfo constructor, ServiceId id, IServiceProviderIsService registered)
    {
        var parameters = constructor.GetParameters();
        Types = [.. parameters.Select(parameter => parameter.ParameterType)];
        foreach (var parameter in parameters)
            Add(parameter, id, registered);
    }

    /// <summary>The types of its parameters.</summary>
    public IReadOnlyList<Type> Types { get; }

    /// <summary>The registered services that it takes.</summary>
    public IReadOnlyList<ServiceId> Needs => _needs;

    /// <summary>The services that it takes and that are not registered.</summary>
    public IReadOnlyList<ServiceId> Missing => _missing;

    /// <summary>True when a parameter depends on type arguments, which this class does not resolve.</summary>
    public bool IsOpaque { get; private set; }

    private void Add(ParameterInfo parameter, ServiceId id, IServiceProviderIsService registered)
    {
        if (parameter.GetCustomAttribute<ServiceKeyAttribute>() is not null)
            return;
        var type = parameter.ParameterType;
        if (type.IsGenericParameter && id.Type.IsConstructedGenericType && type.DeclaringMethod is null)
            type = id.Type.GenericTypeArguments[type.GenericParameterPosition];
        if (type.ContainsGenericParameters)
        {
            IsOpaque = true;
            return;
        }

        var need = new ServiceId(type, KeyOf(parameter, id));
        if (IsRegistered(need, registered))
            _needs.Add(need);
        else if (!parameter.HasDefaultValue)
            _missing.Add(need);
    }

    private static object? KeyOf(ParameterInfo parameter, ServiceId id) =>
        parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is not { } keyed ? null
        : keyed.LookupMode is ServiceKeyLookupMode.InheritKey ? id.Key
        : keyed.Key;

    // Not every container can report keyed services. A keyed need then counts as registered.
    private static bool IsRegistered(ServiceId need, IServiceProviderIsService registered) => need.Key is null
        ? registered.IsService(need.Type)
        : registered is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(need.Type, need.Key);
}
