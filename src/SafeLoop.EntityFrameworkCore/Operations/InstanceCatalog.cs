using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The numbers of instances. They never change, so each is looked up once.</summary>
internal sealed class InstanceCatalog
{
    private readonly ConcurrentDictionary<Guid, int> _numbers = new();

    public void Add(Guid instance, int number) => _numbers[instance] = number;

    /// <summary>The number of an instance; 0: it is unknown.</summary>
    public async ValueTask<int> FindAsync(StoreContext db, Guid instance, CancellationToken cancellationToken)
    {
        if (instance == Guid.Empty)
            return 0;
        if (_numbers.TryGetValue(instance, out var number))
            return number;
        number = await db.Set<InstanceRow>().Where(i => i.Id == instance).Select(i => i.Number)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return number == 0 ? 0 : _numbers.GetOrAdd(instance, number);
    }

    public async ValueTask<int> GetAsync(StoreContext db, Guid instance, CancellationToken cancellationToken)
    {
        var number = await FindAsync(db, instance, cancellationToken).ConfigureAwait(false);
        return number != 0 ? number : throw Unknown(instance);
    }

    public static InvalidOperationException Unknown(Guid instance) => new(
        $"The instance {instance} is not in the store. Call ConnectAsync first. An instance that was lost, and whose row was "
        + "deleted after the retention, connects under another id.");
}
