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
        return (iteration, token) => new(Wait(iteration, spans[Math.Min(calls++, spans.Length - 1)], token));
    }

    /// <summary>What Task.Delay does, but a cancelled wait too goes on within the virtual thread.</summary>
    public static async Task Wait(Iteration iteration, TimeSpan span, CancellationToken token)
    {
        if (span == TimeSpan.Zero)
            return;
        var over = new TaskCompletionSource();
        await using var timer = iteration.Services.GetRequiredService<TimeProvider>()
            .CreateTimer(_ => over.TrySetResult(), null, span, Timeout.InfiniteTimeSpan);
        await using var registration = token.UnsafeRegister(_ => over.TrySetCanceled(token), null);
        await over.Task;
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
