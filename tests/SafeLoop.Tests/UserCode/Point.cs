using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.UserCode;

/// <summary>A place at which SafeLoop calls user code, and how a test makes SafeLoop call it.</summary>
internal sealed record Point
{
    /// <summary>Registers what the container creates.</summary>
    public Action<IServiceCollection, Scene> Services { get; init; } = static (_, _) => { };

    /// <summary>The schedule and the options of the task.</summary>
    public Action<IRecurringTaskBuilder, Scene> Task { get; init; } = static (task, _) => task.Every(1000.Seconds);

    /// <summary>The step of the task.</summary>
    public Func<Scene, Iteration, CancellationToken, ValueTask> Step { get; init; } = static (_, _, _) => default;

    /// <summary>The key, when the task has keys.</summary>
    public Func<Scene, Key> Key { get; init; } = static _ => new("a");

    /// <summary>Called before the code is hostile.</summary>
    public Action<Scene> Prepare { get; init; } = static _ => { };

    /// <summary>Makes SafeLoop call the code. The task is there, and its first iteration runs or has run.</summary>
    public Action<Scene> Provoke { get; init; } = static scene => scene.RunAgain();

    /// <summary>False when the first slot comes later.</summary>
    public bool RunsAtStart { get; init; } = true;

    /// <summary>True when the code belongs to a key.</summary>
    public bool IsOfKey { get; init; }

    /// <summary>True when the host itself holds a lock during the call, which its stop would wait for.</summary>
    public bool HoldsHost { get; init; }
}
