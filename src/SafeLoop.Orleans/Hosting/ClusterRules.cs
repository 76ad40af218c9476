using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace SafeLoop;

/// <summary>Checks the options of the cluster and what it needs from the host.</summary>
internal static class ClusterRules
{
    private const int MostShards = 65_536;

    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(10);

    /// <summary>Finds what is missing in the services; a container that cannot report its services is trusted.</summary>
    public static IEnumerable<string> FindMissing(IServiceProvider services)
    {
        if (services.GetService<IServiceProviderIsService>() is not { } registered
            || registered.IsService(typeof(IClusterMembershipService)))
            yield break;
        yield return registered.IsService(typeof(IClusterClient))
            ? "AddRecurringTaskCluster needs an Orleans silo in this process, and there is only a client. Replace "
                + "UseOrleansClient(…) by UseOrleans(…), or remove AddRecurringTaskCluster."
            : "AddRecurringTaskCluster needs an Orleans silo in this process. Call builder.UseOrleans(…), or remove "
                + "AddRecurringTaskCluster.";
    }

    /// <summary>Finds the values that are invalid.</summary>
    public static IEnumerable<string> FindProblems(RecurringTaskClusterOptions options)
    {
        if (options.ShardCount is < 1 or > MostShards)
            yield return Describe(nameof(options.ShardCount), $"{options.ShardCount}", $"Set it to 1 to {MostShards}");
        if (options.LeaseLength < ShortestLease || options.LeaseLength > Longest)
            {
            yield return Describe(
                nameof(options.LeaseLength), $"{options.LeaseLength}", $"Set it to {ShortestLease} to {Longest}");
        }
        if (options.Settle < TimeSpan.Zero || options.Settle > Longest)
            yield return Describe(nameof(options.Settle), $"{options.Settle}", $"Set it to {TimeSpan.Zero} to {Longest}");
        if (options.DrainFor < TimeSpan.Zero || options.DrainFor > Longest)
            yield return Describe(nameof(options.DrainFor), $"{options.DrainFor}", $"Set it to {TimeSpan.Zero} to {Longest}");
        if (options.OpeningBudget < 1)
            yield return Describe(nameof(options.OpeningBudget), $"{options.OpeningBudget}", "Set it to at least 1");
        if (options.QuarantineAfter < 1)
            yield return Describe(nameof(options.QuarantineAfter), $"{options.QuarantineAfter}", "Set it to at least 1");
        if (options.QuarantineFor <= TimeSpan.Zero)
            yield return Describe(nameof(options.QuarantineFor), $"{options.QuarantineFor}", "Set it to a positive time");
    }

    private static string Describe(string setting, string value, string advice) =>
        $"AddRecurringTaskCluster: {setting} is {value}. {advice}.";
}
