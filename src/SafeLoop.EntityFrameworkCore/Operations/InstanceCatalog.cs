using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The numbers of instances. They never change, so each is looked up once.</summary>
internal sealed class InstanceCatalog
{
    private readonly ConcurrentDictionary<Guid, int> _numbers = new();
    private readonly ConcurrentDictionary<int, Guid> _ids = new();

    public void Add(Guid instance, int number) => (_numbers[instance], _ids[number]) = (number, instance);

    /// <summary>The ids of instances by their numbers, without those whose rows the retention has deleted.</summary>
    public async ValueTask<IReadOnlyDictionary<int, Guid>> FindIdsAsync(
        DbContext db, IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        int[] unknown = [.. numbers.Distinct().Where(number => number != 0 && !_ids.ContainsKey(number))];
        if (unknown.Length > 0)
        {
            await foreach (var row in db.Set<InstanceRow>().Where(i => unknown.Contains(i.Number))
                .Select(i => new { i.Number, i.Id }).AsAsyncEnumerable().WithCancellation(cancellationToken)
                .ConfigureAwait(false))
                _ids[row.Number] = row.Id;
        }
        return _ids;
    }

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
