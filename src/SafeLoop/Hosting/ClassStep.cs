using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The step of a task that is a class.</summary>
internal static class ClassStep
{
    public static TaskStep Create<T>(Func<T, Iteration, CancellationToken, ValueTask> run)
        where T : class => new(
            TaskNames.FromClass(typeof(T)),
            provider =>
            {
                var task = provider.GetRequiredService<T>();
                return (iteration, token) => run(task, iteration, token);
            },
            typeof(T))
        {
            IsClass = true,
        };
}
