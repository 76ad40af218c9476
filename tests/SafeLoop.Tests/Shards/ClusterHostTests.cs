using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>What the core asks of the cluster when its host starts and stops.</summary>
public class ClusterHostTests
{
    [Fact]
    public void Loops_are_handed_over_before_they_end()
    {
        var cluster = new Cluster();
        using var host = LoopHost.Run(services => Register(services, cluster));
        cluster.Loop = host["poll"];

        var stopped = host.StopHost();

        Assert.Equal(RecurringTaskState.Waiting, Assert.Single(cluster.StatesAtLeave));
        Assert.False(stopped.IsCompleted);
        Assert.Equal(RecurringTaskState.Waiting, host["poll"].State);

        cluster.HandedOver.SetResult();
        host.Wait(stopped);

        Assert.Equal(RecurringTaskState.Ended, host["poll"].State);
    }

    [Fact]
    public void Its_problems_are_reported_with_those_of_the_tasks()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(() => LoopHost.Run(services =>
        {
            Register(services, new Cluster { Problems = ["The cluster has no silo."] });
            services.AddRecurringTask("broken", _ => ValueTask.CompletedTask);
        }));

        Assert.Equal(2, error.Problems.Count);
        Assert.Contains("The cluster has no silo.", error.Problems);
    }

    private static void Register(IServiceCollection services, Cluster cluster)
    {
        services.AddSingleton<IClusterHost>(cluster);
        services.AddRecurringTask("poll", _ => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
    }

    private sealed class Cluster : IClusterHost
    {
        public RecurringTaskHandle? Loop { get; set; }

        public IReadOnlyList<string> Problems { get; init; } = [];

        public List<RecurringTaskState> StatesAtLeave { get; } = [];

        public TaskCompletionSource HandedOver { get; } = new();

        public IEnumerable<string> FindProblems() => Problems;

        public Task LeaveAsync(CancellationToken cancellationToken)
        {
            if (Loop is not null && !HandedOver.Task.IsCompleted)
                StatesAtLeave.Add(Loop.State);
            return HandedOver.Task;
        }

        public void Abandon()
        {
        }
    }
}
