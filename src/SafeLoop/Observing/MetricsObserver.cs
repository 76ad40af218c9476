using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>Metrics, derived from the events: meter <c>SafeLoop</c>, names and units after OpenTelemetry's semantic conventions.</summary>
internal sealed class MetricsObserver : IRecurringTaskObserver, IDisposable
{
    public const string MeterName = "SafeLoop";

    private static readonly string[] Outcomes = ["succeeded", "failed", "timed_out", "interrupted", "skipped"];

    private readonly Meter _meter;
    private readonly Counter<long> _iterations;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _lateness;
    private readonly UpDownCounter<long> _running;
    private readonly Counter<long> _stuck;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _ended;
    private readonly ConcurrentDictionary<string, TaskGauges> _gauges = new();

    public MetricsObserver(IServiceProvider services)
    {
        var factory = (IMeterFactory?)services.GetService(typeof(IMeterFactory));
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _iterations = _meter.CreateCounter<long>("safeloop.iterations", "{iteration}", "Slots by outcome and reason.");
        _duration = _meter.CreateHistogram<double>("safeloop.iteration.duration", "s", "How long iterations ran.");
        _lateness = _meter.CreateHistogram<double>("safeloop.iteration.lateness", "s", "How long after their slots iterations started.");
        _running = _meter.CreateUpDownCounter<long>("safeloop.iterations.running", "{iteration}", "Iterations that are running.");
        _stuck = _meter.CreateCounter<long>("safeloop.iterations.stuck", "{iteration}", "Iterations that did not end although they were cancelled.");
        _faults = _meter.CreateCounter<long>("safeloop.faults", "{fault}", "Failures beside the iterations: checks, handlers, locks, policies.");
        _ended = _meter.CreateCounter<long>("safeloop.loops.ended", "{loop}", "Loops that ended, by reason.");
        _meter.CreateObservableGauge("safeloop.consecutive_failures", () => Observe(gauges => gauges.ConsecutiveFailures), "{failure}", "Failures in a row.");
        _meter.CreateObservableGauge("safeloop.last_success", () => Observe(gauges => gauges.LastSuccess), "s", "When the last success ended, in seconds since 1970.");
    }

    public void On(in LoopEvent e)
    {
        switch (e.Kind)
        {
            case LoopEventKind.IterationStarted when _running.Enabled:
                _running.Add(1, TaskTag(e));
                break;
            case LoopEventKind.IterationEnded:
                CountEnd(e);
                break;
            case LoopEventKind.IterationStuck:
                _stuck.Add(1, TaskTag(e));
                break;
            case LoopEventKind.Fault:
                _faults.Add(1, TaskTag(e));
                break;
            case LoopEventKind.LoopEnded:
                _ended.Add(1, TaskTag(e), new("safeloop.end", e.End.ToString()));
                _gauges.TryRemove(e.Task, out _); // what no longer runs is no longer measured
                break;
        }
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> TaskTag(in LoopEvent e) => new("safeloop.task", e.Task);

    private void CountEnd(in LoopEvent e)
    {
        var record = e.Record;
        if (record.Number > 0 && _running.Enabled)
            _running.Add(-1, TaskTag(e));
        if (_iterations.Enabled)
            _iterations.Add(record.Count, TagsOf(e));
        if (record.Number > 0 && _duration.Enabled)
            _duration.Record(record.Elapsed.TotalSeconds, TagsOf(e));
        if (record.Number > 0 && _lateness.Enabled)
            _lateness.Record(record.Lateness.TotalSeconds, TaskTag(e));

        if (record.Outcome is IterationOutcome.Skipped)
            return; // changes neither gauge, and may come after the loop has ended: a run by hand
        var gauges = _gauges.GetOrAdd(e.Task, static _ => new TaskGauges());
        gauges.ConsecutiveFailures = e.ConsecutiveFailures;
        if (record.Outcome is IterationOutcome.Succeeded)
            gauges.LastSuccess = (record.Started + record.Elapsed - DateTimeOffset.UnixEpoch).TotalSeconds;
    }

    private static TagList TagsOf(in LoopEvent e)
    {
        var tags = new TagList { { "safeloop.task", e.Task }, { "safeloop.outcome", Outcomes[(int)e.Record.Outcome] } };
        if (e.Record.Reason is not OutcomeReason.None)
            tags.Add("safeloop.reason", ReasonTags.Of(e.Record.Reason));
        if (e.Exception is { } error)
            tags.Add("error.type", error.GetType().FullName);
        return tags;
    }

    private IEnumerable<Measurement<double>> Observe(Func<TaskGauges, double?> read)
    {
        foreach (var (task, gauges) in _gauges)
        {
            if (read(gauges) is { } value)
                yield return new(value, new KeyValuePair<string, object?>("safeloop.task", task));
        }
    }

    private sealed class TaskGauges
    {
        public int ConsecutiveFailures { get; set; }

        public double? LastSuccess { get; set; }
    }
}
