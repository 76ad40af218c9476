using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.History.Oracle;

namespace SafeLoop.Tests.History;

public class ExplainRemovedTests
{
    [Fact]
    public async Task A_key_that_was_removed_while_it_ran()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => services
            .AddSingleton(new Device.Script((_, iteration, token) =>
                new(Task.Delay(1.Days, iteration.Services.GetRequiredService<TimeProvider>(), token))))
            .AddRecurringTask<Device, string>("device").Every(1.Hours));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Device, string>>();
        keys.TryAdd("a");
        await host.AdvanceAsync(10.Seconds);
        keys.TryRemove("a");
        await host.AdvanceAsync(10.Seconds);

        var found = await host.Services.GetRequiredService<IRecurringTaskHistory>()
            .ExplainAsync("device", StoredHosts.Start, "a");
        Assert.StartsWith(
            "The slot of 'device[a]' at 2026-01-01 00:00:30 UTC was interrupted because the task was removed",
            found.Text);
        Assert.Equal(OutcomeReason.Removed, found.Entry?.Record.Reason);
    }
}
