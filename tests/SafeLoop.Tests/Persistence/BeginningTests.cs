using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

/// <summary>
/// A schedule begins when the application has started and what is stored has been loaded. Two threads may notice that at once.
/// </summary>
public class BeginningTests
{
    private readonly List<string> _runs = [];

    [Fact]
    public async Task A_schedule_that_two_threads_begin_goes_on_after_its_last_stored_slot()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await host.AdvanceAsync(2.Minutes);
        hosts.Kill();

        var next = await hosts.StartAsync(RegisterInterrupted, host.Now + 3.Minutes);
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["00:01", "00:02", "00:05", "00:06"], _runs);
        Assert.Equal(
            [
                "00:01 Succeeded", "00:02 Succeeded", "00:03–00:04 Skipped HostDown ×2", "00:05 Succeeded", "00:06 Succeeded",
            ],
            hosts.History("report"));
    }

    private void RegisterInterrupted(IServiceCollection services)
    {
        InterruptedStore.AddTo(services, tasks => tasks.Begin());
        Register(services);
    }

    private void Register(IServiceCollection services) => services.AddRecurringTask("report", (iteration, _) =>
    {
        _runs.Add($"{iteration.Slot:HH:mm}");
        return ValueTask.CompletedTask;
    }).Every(1.Minutes).SurviveRestarts(1.Hours);
}
