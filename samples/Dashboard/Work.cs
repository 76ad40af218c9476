using SafeLoop;

namespace DashboardSample;

/// <summary>What the steps do instead of work.</summary>
internal static class Work
{
    /// <summary>Takes this long, and a little more or less each time.</summary>
    public static Func<Iteration, CancellationToken, Task> For(double seconds) => (iteration, cancellationToken) =>
        Task.Delay(
            TimeSpan.FromSeconds(seconds * (0.7 + (iteration.Number * 37 % 60 / 100.0))), TimeProvider.System, cancellationToken);

    /// <summary>Fails at every n-th iteration.</summary>
    public static Func<Iteration, CancellationToken, Task> FailingAt(int every, string message) =>
        async (iteration, cancellationToken) =>
        {
            await For(0.2)(iteration, cancellationToken);
            if (iteration.Number % every == 0)
                throw new InvalidOperationException(message);
        };

    /// <summary>At every n-th iteration takes so long that its time limit passes.</summary>
    public static Func<Iteration, CancellationToken, Task> SlowAt(int every, double seconds) =>
        (iteration, cancellationToken) => For(iteration.Number % every == 0 ? seconds : 0.3)(iteration, cancellationToken);

    /// <summary>At every n-th iteration waits for a minute and ignores that it was cancelled.</summary>
    public static Func<Iteration, CancellationToken, Task> StuckAt(int every) => (iteration, cancellationToken) =>
        iteration.Number % every == 0
            ? Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None)
            : For(0.5)(iteration, cancellationToken);
}
