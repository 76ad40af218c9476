using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

public class StoreInstanceTests
{
    [Fact]
    public async Task The_store_knows_machine_process_and_version_of_a_host()
    {
        await using var hosts = new StoredHosts();
        await hosts.StartAsync(services => services.AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(1.Minutes));

        var instance = hosts.Database.Read("app", stored => stored.Instances.Single().Instance);
        Assert.Equal(Environment.MachineName, instance.Host);
        Assert.Equal(Environment.ProcessId, instance.ProcessId);
        Assert.NotNull(instance.Version);
        Assert.Equal(
            Assembly.GetEntryAssembly()!.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            instance.Version);
    }
}
