using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A public constructor as the container sees it: which of its parameters are services, and which are missing.</summary>
internal sealed class ServiceConstructor
{
    private readonly List<ServiceId> _needs = [], _missing = [];

    /// <param name="constructor">Of a class the container builds.</param>
    /// <param name="id">The service it is built for.</param>
    /// <param name="registered">Knows which services there are.</param>
    public ServiceConstructor(ConstructorInfo constructor, ServiceId id, IServiceProviderIsService registered)
    {
        var parameters = constructor.GetParameters();
        Types = [.. parameters.Select(parameter => parameter.ParameterType)];
        foreach (var parameter in parameters)
            Add(parameter, id, registered);
    }

    /// <summary>The types of its parameters.</summary>
    public IReadOnlyList<Type> Types { get; }

    /// <summary>The services it is given.</summary>
    public IReadOnlyList<ServiceId> Needs => _needs;

    /// <summary>What it cannot be given.</summary>
    public IReadOnlyList<ServiceId> Missing => _missing;

    /// <summary>A parameter depends on type arguments, which are not followed.</summary>
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

    // A container that knows no keys is not asked about them.
    private static bool IsRegistered(ServiceId need, IServiceProviderIsService registered) => need.Key is null
        ? registered.IsService(need.Type)
        : registered is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(need.Type, need.Key);
}
