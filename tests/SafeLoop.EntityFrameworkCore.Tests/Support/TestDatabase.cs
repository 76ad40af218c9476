using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A database of a test, and stores over it as an application registers them.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    private readonly List<ServiceProvider> _applications = [];

    internal TestClock Clock { get; } = new();

    public abstract void Use(DbContextOptionsBuilder options);

    /// <summary>A store of one host, with the clock of the test or that of the server.</summary>
    public IRecurringTaskStore CreateStore(TimeProvider? hostClock = null, bool hasOwnClock = true) =>
        Create(services => services.AddRecurringTaskStore(Use), hostClock, hasOwnClock);

    public IRecurringTaskStore Create(
        Action<IServiceCollection> register, TimeProvider? hostClock = null, bool hasOwnClock = true)
    {
        var services = new ServiceCollection().AddLogging();
        if (hostClock is not null)
            services.AddSingleton(hostClock);
        if (hasOwnClock)
            services.AddSingleton<IDatabaseClock>(Clock);
        register(services);
        var application = services.BuildServiceProvider(validateScopes: true);
        _applications.Add(application);
        return application.GetRequiredService<IRecurringTaskStore>();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var application in _applications)
            await application.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Rows, read through a context of the test.</summary>
    internal async Task<T> ReadAsync<T>(Func<DbContext, Task<T>> read)
    {
        var options = new DbContextOptionsBuilder<RowsContext>();
        Use(options);
        await using var db = new RowsContext(options.Options);
        return await read(db);
    }
}
