using SafeLoop.Storage;

namespace SafeLoop.Testing;

/// <summary>
/// What every <see cref="IRecurringTaskStore"/> must keep, as tests: derive a class from it in a test project, and override the
/// abstract methods.
/// </summary>
/// <remarks>
/// All stores of a test use one database, which may also be the one of other tests: each test has an application of its own.
/// A database that keeps time by itself needs real time for instances to be lost, some four minutes for all tests; where its
/// clock can be moved, override <see cref="AdvanceAsync"/>.
/// </remarks>
/// <example>
/// <code>
/// public class MongoStoreTests : RecurringTaskStoreContract
/// {
///     protected override IRecurringTaskStore CreateStore(int host, TimeProvider hostClock) =&gt;
///         new MongoStore(Connect(), hostClock);
///     …
/// }
/// </code>
/// </example>
public abstract partial class RecurringTaskStoreContract
{
    private static readonly DateTimeOffset First = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5); // only for hangs

    private readonly string _application = $"contract-{Guid.NewGuid():N}"; // the database may outlive the test

    /// <summary>
    /// How long an instance may be silent. Longer: slower; shorter: a slow database may mark a live instance as lost.
    /// </summary>
    /// <value>The default is 2 seconds.</value>
    protected virtual TimeSpan LostAfter => TimeSpan.FromSeconds(2);

    /// <summary>Makes the store of a host. All stores of a test share one database.</summary>
    /// <param name="host">The number of the host, from 0.</param>
    /// <param name="hostClock">
    /// The clock of the machine of the host, a day behind or ahead. Give it to the store where it takes one; the database has
    /// another.
    /// </param>
    protected abstract IRecurringTaskStore CreateStore(int host, TimeProvider hostClock);

    /// <summary>Lets time pass on the clock of the database.</summary>
    /// <param name="time">How much.</param>
    /// <returns>A task that ends when it has passed. By default, real time.</returns>
    protected virtual Task AdvanceAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    private static DateTimeOffset Slot(int number) => First.AddMinutes(number);

    // Hosts with even numbers have a clock that is a day behind, the others one that is a day ahead.
    private StoreHost Host(int host, string application = "") => new(
        CreateStore(host, new SkewedClock(TimeSpan.FromDays(host % 2 == 0 ? -1 : 1))), _application + application, LostAfter);

    private async Task<StoreHost> StartAsync(int host = 0, string application = "")
    {
        var started = Host(host, application);
        await started.ConnectAsync();
        await started.LoadAsync(StoreHost.Nightly);
        return started;
    }

    private async Task<StoreHost[]> StartAllAsync(int count)
    {
        var hosts = new StoreHost[count];
        for (var n = 0; n < count; n++)
            hosts[n] = await StartAsync(n);
        return hosts;
    }

    private static async Task<T[]> RaceAsync<T>(IEnumerable<StoreHost> hosts, Func<StoreHost, ValueTask<T>> call) =>
        await Task.WhenAll(hosts.Select(host => Task.Run(() => InsistAsync(() => call(host))))).WaitAsync(Patience);

    // A method that throws has failed, and the caller tries again. A database may do so when calls collide.
    private static async Task<T> InsistAsync<T>(Func<ValueTask<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (attempt < 20 && error is not (IncompatibleStoreException or ArgumentException))
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<T> AgainAsync<T>(Func<ValueTask<T>> call)
    {
        await call(); // its answer was lost
        return await call();
    }
}
