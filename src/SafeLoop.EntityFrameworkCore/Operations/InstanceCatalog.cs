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
        return number != 0 ? number : throw new InvalidOperationException(
            $"The instance {instance} is not in the store. Call ConnectAsync first; an instance whose row was deleted after the "
            + "retention connects again under another id.");
    }
}
