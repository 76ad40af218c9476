using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>Starts a host that must not start, and says what it complained about.</summary>
internal static class InvalidTasks
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static Func<Iteration, CancellationToken, ValueTask> Nothing => (_, _) => ValueTask.CompletedTask;

    public static IReadOnlyList<string> Problems(
        Action<IServiceCollection> configure, IDictionary<string, string?>? settings = null)
    {
        var host = new LoopHost(configure, settings: settings);
        var error = Assert.Throws<InvalidRecurringTaskException>(host.StartHost);
        host.Settle();

        Assert.Empty(host.Observer.Events); // nothing was started
        Assert.Equal(error.Message.Split(Environment.NewLine), error.Problems);
        return error.Problems;
    }

    /// <summary>The one problem of a task named "task" that is sound but for this.</summary>
    public static string Problem(Action<IRecurringTaskBuilder> configure, IDictionary<string, string?>? settings = null) =>
        Assert.Single(Problems(services => configure(services.AddRecurringTask("task", Nothing)), settings));

    public static string ProblemOfSetting(string setting, string? value) =>
        Problem(task => task.Every(Second), new Dictionary<string, string?> { [$"RecurringTasks:task:{setting}"] = value });
}
