using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>Finds the dependencies, at any depth, that the container would refuse to build for a step.</summary>
/// <remarks>
/// It reports only what is certain, and does not follow factories and instances, nor type arguments that are nested ten deep.
/// Under Native AOT it does not follow parameters that depend on type arguments. For a container other than Microsoft's, or one
/// built from a copy of the registrations, it only checks whether a service is registered.
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
/// <param name="registered">Reports which services are registered; null when the container cannot, so nothing is checked.</param>
/// <param name="services">The registrations; null: unknown.</param>
/// <param name="validatesScopes">True when the container refuses a singleton that needs a scoped service.</param>
internal sealed class ServiceGraph(
    IServiceProviderIsService? registered, IEnumerable<ServiceDescriptor>? services, bool validatesScopes)
{
    private const string Microsofts = "Microsoft.Extensions.DependencyInjection";

    private readonly Lazy<ServiceRegistrations?> _registrations = new(() =>
        services is null || registered?.GetType().Assembly.GetName().Name is not Microsofts ? null : new(services));

    private readonly ConcurrentDictionary<ServiceId, ServiceProblem[]> _known = new();

    /// <param name="service">The service that a step takes.</param>
    /// <param name="isSingleton">True when it is resolved once, outside of any scope.</param>
    public IEnumerable<ServiceProblem> ProblemsOf(Type service, bool isSingleton)
    {
        var id = new ServiceId(service);
        if (registered is null)
            return [];
        if (!registered.IsService(service))
            return [new(ServiceFault.NotRegistered, id)];
        return Visit(id, []).Where(problem => problem.Fault switch
        {
            ServiceFault.Scoped => isSingleton,
            ServiceFault.Captive => validatesScopes && !isSingleton,
            _ => true,
        }).DistinctBy(problem => (problem.Fault, problem.Service));
    }

    private ServiceProblem[] Visit(ServiceId id, HashSet<ServiceId> under)
    {
        if (_known.TryGetValue(id, out var known))
            return known;
        if (GenericClass.IsDeep(id.Type)) // a class that needs itself of ever larger types would never end
            return [];
        if (!under.Add(id))
            return [new(ServiceFault.Circular, id)];
        ServiceProblem[] found = [.. ImplementationsOf(id).SelectMany(service => Visit(service.Descriptor, service.Id, under))];
        under.Remove(id);
        return _known.GetOrAdd(id, found);
    }

    // The container builds IEnumerable<T> from all services T, unless IEnumerable<T> itself is registered. It leaves out generic
    // classes whose constraints exclude the type arguments.
    private IEnumerable<(ServiceId Id, ServiceDescriptor Descriptor)> ImplementationsOf(ServiceId id)
    {
        if (_registrations.Value is not { } all)
            return [];
        if (all.Find(id) is { } service)
            return [(id, service)];
        var isEnumerable = id is { Key: null, Type.IsConstructedGenericType: true }
            && id.Type.GetGenericTypeDefinition() == typeof(IEnumerable<>);
        if (!isEnumerable)
            return [];
        var element = new ServiceId(id.Type.GenericTypeArguments[0]);
        return all.All(element).Where(each => ClassOf(each) is not { } type || GenericClass.Close(type, element.Type) is not null)
            .Select(each => (element, each));
    }

    private IEnumerable<ServiceProblem> Visit(ServiceDescriptor service, ServiceId id, HashSet<ServiceId> under)
    {
        ServiceProblem[] found = ClassOf(service) is not { } type ? []
            : GenericClass.Close(type, id.Type) is { } closed ? [.. Build(closed, id, under)]
            : [new(ServiceFault.Constraint, id) { Class = new(type) }];
        return service.Lifetime switch
        {
            ServiceLifetime.Scoped => [new(ServiceFault.Scoped, id), .. Unscoped(found)],
            ServiceLifetime.Singleton => [.. found, .. CaptivesOf(id, found)],
            _ => found,
        };
    }

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    private static Type? ClassOf(ServiceDescriptor service) =>
        service.IsKeyedService ? service.KeyedImplementationType : service.ImplementationType;

    // A scoped service may itself need scoped services.
    private static IEnumerable<ServiceProblem> Unscoped(ServiceProblem[] found) =>
        found.Where(problem => problem.Fault is not ServiceFault.Scoped);

    private static IEnumerable<ServiceProblem> CaptivesOf(ServiceId id, ServiceProblem[] found) => found
        .Where(problem => problem.Fault is ServiceFault.Scoped)
        .Take(1)
        .Select(scoped => new ServiceProblem(ServiceFault.Captive, id) { Scoped = scoped.Service });

    // The container calls the longest constructor it can. The parameters of every other callable one must be among its
    // parameters.
    private IEnumerable<ServiceProblem> Build(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type,
        ServiceId id,
        HashSet<ServiceId> under)
    {
        ServiceConstructor[] all = [.. type.GetConstructors()
            .Select(constructor => new ServiceConstructor(constructor, id, registered!))
            .OrderByDescending(constructor => constructor.Types.Count)];
        if (all.Length == 0)
            return [new(ServiceFault.NoConstructor, id)];
        if (all.Length > 1 && all.Any(constructor => constructor.IsOpaque))
            return [];

        ServiceConstructor[] callable = [.. all.Where(constructor => constructor.Missing.Count == 0)];
        if (callable.Skip(1).Any(other => other.Types.Except(callable[0].Types).Any()))
            return [new(ServiceFault.Ambiguous, id)];
        var chosen = callable.FirstOrDefault() ?? all.MinBy(constructor => constructor.Missing.Count)!;
        return chosen.Missing.Select(missing => new ServiceProblem(ServiceFault.NotRegistered, missing, id))
            .Concat(chosen.Needs.SelectMany(need => Visit(need, under).Select(problem => problem.Below(id))));
    }
}
