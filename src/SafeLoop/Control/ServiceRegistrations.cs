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

    /// <returns>Null: it is the container's own, or not registered.</returns>
    public ServiceDescriptor? Find(ServiceId id) => All(id).LastOrDefault();

    /// <summary>All of a service, those of an open generic first: a closed one counts before them.</summary>
    public IEnumerable<ServiceDescriptor> All(ServiceId id)
    {
        var open = id.Type.IsConstructedGenericType
            ? _all.GetValueOrDefault(id with { Type = id.Type.GetGenericTypeDefinition() })
            : null;
        var exact = _all.GetValueOrDefault(id);
        return (open ?? []).Concat(exact ?? []);
    }
}
