using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>A class that the container cannot build is a sentence at start-up, not a failure of each iteration.</summary>
public class ClassDependencyTests
{
    private const string VersionIsMissing =
        "needs Version, which is not registered. Call services.AddSingleton<Version>(), AddScoped or AddTransient.";

    [Fact]
    public void A_missing_service_is_reported() => Assert.Equal(
        [$"Recurring task 'reader': step 'reader' {VersionIsMissing}"],
        Problems(services => services.AddRecurringTask<Reader>().Every(Second)));

    [Fact]
    public void A_class_with_keys_is_looked_at_too() => Assert.Equal(
        [$"Recurring task 'keyedReader': step 'keyedReader' {VersionIsMissing}"],
        Problems(services => services.AddRecurringTask<KeyedReader, int>().Every(Second)));

    [Fact]
    public void Of_several_constructors_the_one_that_lacks_least_counts() => Assert.Equal(
        [$"Recurring task 'several': step 'several' {VersionIsMissing}"],
        Problems(services => services.AddRecurringTask<Several>().Every(Second)));

    [Fact]
    public void A_missing_keyed_service_is_reported() => Assert.Equal(
        ["Recurring task 'keyedNeed': step 'keyedNeed' needs Version with the key 'one', which is not registered. "
            + "Call services.AddKeyedSingleton<Version>(\"one\"), AddKeyedScoped or AddKeyedTransient."],
        Problems(services => services.AddKeyedSingleton("other", new Version()).AddSingleton(new Version())
            .AddRecurringTask<KeyedNeed>().Every(Second)));

    [Fact]
    public void What_is_there_is_no_problem()
    {
        Assert.Equal(IterationOutcome.Succeeded, Run<Reader>(services => services.AddSingleton(new Version())));
        Assert.Equal(IterationOutcome.Succeeded,
            Run<Several>(services => services.AddSingleton(new Uri("/", UriKind.Relative)).AddSingleton("text")));
        Assert.Equal(IterationOutcome.Succeeded, Run<KeyedNeed>(services => services.AddKeyedSingleton("one", new Version())));
        Assert.Equal(IterationOutcome.Succeeded, Run<Common>(_ => { }));
    }

    [Fact]
    public void Who_builds_it_in_his_own_way_knows_what_it_needs()
    {
        Assert.Equal(IterationOutcome.Succeeded, Run<Reader>(services => services.AddTransient(_ => new Reader(new Version()))));
        Assert.Equal(IterationOutcome.Succeeded,
            Run<Reader>(_ => { }, services => services.AddTransient(_ => new Reader(new Version()))));
        Assert.Equal(IterationOutcome.Succeeded,
            Run<Reader>(_ => { }, services => services.AddSingleton(new Reader(new Version()))));
    }

    private static IterationOutcome Run<T>(Action<IServiceCollection> before, Action<IServiceCollection>? after = null)
        where T : class, IRecurringTask
    {
        using var host = LoopHost.Run(services =>
        {
            before(services);
            services.AddRecurringTask<T>().Every(Second);
            after?.Invoke(services);
        });
        return host.Outcomes().First();
    }

#pragma warning disable CS9113 // what they need is all they are for
    private sealed class Reader(Version version) : Task;

    private sealed class KeyedNeed([FromKeyedServices("one")] Version version) : Task;

    private sealed class Common(
        IEnumerable<Version> versions, ILogger<Common> logger, IServiceProvider services, IServiceScopeFactory scopes,
        TimeProvider time, int count = 3) : Task;
#pragma warning restore CS9113

    private sealed class Several : Task
    {
        public Several(Version version) => ArgumentNullException.ThrowIfNull(version);

        public Several(Uri uri, string text) => ArgumentNullException.ThrowIfNull(uri, text);
    }

    private sealed class KeyedReader(Version version) : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            ValueTask.FromException(new InvalidOperationException($"{version}"));
    }

    private abstract class Task : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
