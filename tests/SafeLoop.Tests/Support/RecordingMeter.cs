using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests;

/// <summary>Keeps every measurement of one host's meter "SafeLoop", and none of the others that run beside it.</summary>
internal sealed class RecordingMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(Instrument Instrument, double Value, string Tags)> _measured = [];

    public RecordingMeter(LoopHost host)
    {
        var scope = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "SafeLoop" && ReferenceEquals(instrument.Meter.Scope, scope))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IEnumerable<string> Instruments =>
        _measured.Select(measured => $"{measured.Instrument.Name} {measured.Instrument.Unit} "
            + $"{measured.Instrument.GetType().Name.Split('`')[0]}").Distinct().Order();

    public double Sum(string instrument) =>
        _measured.Where(measured => measured.Instrument.Name == instrument).Sum(measured => measured.Value);

    /// <summary>"value tags", in order.</summary>
    public IReadOnlyList<string> Of(string instrument) =>
        [.. _measured.Where(measured => measured.Instrument.Name == instrument)
            .Select(measured => FormattableString.Invariant($"{measured.Value} {measured.Tags}"))];

    /// <summary>What the gauge shows now.</summary>
    public IReadOnlyList<string> Look(string gauge)
    {
        _measured.RemoveAll(measured => measured.Instrument.Name == gauge);
        _listener.RecordObservableInstruments();
        return Of(gauge);
    }

    /// <summary>What an observable counter shows now, all tasks together.</summary>
    public double Now(string counter)
    {
        Look(counter);
        return Sum(counter);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Add((instrument, value, string.Join(" ", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
