using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

public class RetentionTests
{
    [Fact]
    public async Task What_is_older_than_the_retention_is_deleted_once_an_hour()
    {
        await using var hosts = new StoredHosts();
        var deletions = new List<DateTimeOffset>();
        hosts.Database.Cut = call =>
        {
            if (call is { Method: "DeleteExpired", IsExecuted: true })
                deletions.Add(hosts.GetUtcNow());
            return StoreCut.None;
        };
        var host = await hosts.StartAsync(services => services
            .AddSingleton(new StoreRetention { Successes = 1.Hours })
            .AddRecurringTask("poll", (Iteration _, CancellationToken _) => ValueTask.CompletedTask).Every(10.Minutes));

        await host.AdvanceAsync(4.Hours + 1.Minutes);

        Assert.Equal(
            [10, 70, 130, 190], deletions.Select(at => (int)(at - StoredHosts.Start).TotalMinutes));
        Assert.InRange(hosts.Entries("poll").Length, 6, 12);
    }
}
