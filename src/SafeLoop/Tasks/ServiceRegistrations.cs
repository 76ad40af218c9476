using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The registrations of a host, found as its container finds them: the last one counts.</summary>
internal sealed class ServiceRegistrations
{
    private readonly Dictionary<ServiceId, List<ServiceDescriptor>> _all = [];

    public ServiceRegistrations(IEnumerable<ServiceDescriptor> services)
    {
        foreach (var service in services)
        {
            var id = new ServiceId(service.ServiceType, service.ServiceKey);
            if (!_all.TryGetValue(id, out var same))
                _all.Add(id, same = []);
            same.Add(service);
        }
    }

    /// <returns>Null when the service is built into the container or not registered.</returns>
    public ServiceDescriptor? Find(ServiceId id) => All(id).LastOrDefault();

    /// <summary>
    /// All registrations of a service. Open generic ones come first, so that a closed one, which wins, is last.
    /// </summary>
    public IEnumerable<ServiceDescriptor> All(ServiceId id)
    {
        var open = id.Type.IsConstructedGenericType
            ? _all.GetValueOrDefault(id with { Type = id.Type.GetGenericTypeDefinition() })
            : null;
        var exact = _all.GetValueOrDefault(id);
        return (open ?? []).Concat(exact ?? []);
    }
}
