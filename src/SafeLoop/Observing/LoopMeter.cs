using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>Provides the meter <c>SafeLoop</c>: from the host's meter factory, or a new one when there is none.</summary>
internal sealed class LoopMeter(IMeterFactory? factory) : IDisposable
{
    public Meter Meter { get; } = factory?.Create("SafeLoop") ?? new Meter("SafeLoop");

    public void Dispose() => Meter.Dispose();
}
