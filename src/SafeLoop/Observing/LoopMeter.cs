using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>The meter <c>SafeLoop</c>: the host's, where it makes meters, or our own.</summary>
internal sealed class LoopMeter(IMeterFactory? factory) : IDisposable
{
    public Meter Meter { get; } = factory?.Create("SafeLoop") ?? new Meter("SafeLoop");

    public void Dispose() => Meter.Dispose();
}
