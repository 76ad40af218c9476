using System.Diagnostics.CodeAnalysis;

namespace SafeLoop.Tests.UserCode;

/// <summary>The keyed task of a scene, with the step of its point.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class Visit(Scene scene) : IRecurringTask<Key>
{
    public ValueTask RunAsync(Key key, Iteration iteration, CancellationToken cancellationToken) =>
        scene.RunAsync(iteration, cancellationToken);
}
