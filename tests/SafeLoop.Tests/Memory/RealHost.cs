using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Memory;

/// <summary>The runtime on the real clock and real threads, with nothing beside it that keeps anything.</summary>
internal sealed class RealHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RealHost(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging(); // as every host does
        configure(services);
        _services = services.AddRecurringTasks().BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IRecurringTasks Tasks => _services.GetRequiredService<IRecurringTasks>();

    public static async Task<RealHost> StartAsync(Action<IServiceCollection> configure)
    {
        var host = new RealHost(configure);
        await host._services.GetServices<IHostedService>().Single().StartAsync(default);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetServices<IHostedService>().Single().StopAsync(default);
        await _services.DisposeAsync();
    }
}
