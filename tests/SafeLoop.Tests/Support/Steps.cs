using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests;

/// <summary>Steps that take virtual time.</summary>
internal static class Steps
{
    public static readonly Func<Iteration, CancellationToken, ValueTask> None = static (_, _) => default;

    /// <summary>Awaits: the loop goes on meanwhile.</summary>
    public static Func<Iteration, CancellationToken, ValueTask> Taking(params TimeSpan[] spans)
    {
        var calls = 0;
        return (iteration, token) => new(Task.Delay(spans[Math.Min(calls++, spans.Length - 1)], iteration.Services.GetRequiredService<TimeProvider>(), token));
    }

    /// <summary>Blocks: time passes, and the loop cannot look.</summary>
    public static Func<Iteration, CancellationToken, ValueTask> Blocking(params TimeSpan[] spans)
    {
        var calls = 0;
        return (iteration, _) =>
        {
            iteration.Services.GetRequiredService<VirtualClock>().Pass(spans[Math.Min(calls++, spans.Length - 1)]);
            return default;
        };
    }
}
