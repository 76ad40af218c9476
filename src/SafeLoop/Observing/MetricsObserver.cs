using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>
/// Records the metrics: meter <c>SafeLoop</c>, with names and units according to OpenTelemetry's semantic conventions.
/// </summary>
/// <remarks>
/// <c>TaskGauges</c> measures values that are read on demand (running iterations, failures in a row, last success).
/// </remarks>
internal sealed class MetricsObserver : IOwnObserver
{
    private readonly Counter<long> _iterations;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _lateness;
    private readonly Counter<long> _stuck;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _shards;
    private readonly Counter<long> _memoryAlerts;

    public MetricsObserver(Meter meter)
    {
        _iterations = meter.CreateCounter<long>("safeloop.iterations", "{iteration}", "Slots by outcome and reason.");
        _duration = meter.CreateHistogram<double>(
            "safeloop.iteration.duration", "s", "Duration of iterations, including their checks and the wait for their lock.");
        _lateness = meter.CreateHistogram<double>(
            "safeloop.iteration.lateness", "s", "Delay from the slot to the start of the iteration, including jitter.");
        _stuck = meter.CreateCounter<long>(
            "safeloop.iterations.stuck", "{iteration}", "Cancelled iterations that did not end within their grace period.");
        _faults = meter.CreateCounter<long>(
            "safeloop.faults", "{fault}", "Failures outside the steps: checks, handlers, locks, policies.");
        _ended = meter.CreateCounter<long>("safeloop.loops.ended", "{loop}", "Loops that ended, by reason.");
        _shards = meter.CreateCounter<long>(
            "safeloop.shards.moved", "{shard}", "Shards that were opened, closed or lost on this host.");
        _memoryAlerts = meter.CreateCounter<long>(
            "safeloop.memory.alerts",
            "{alert}",
            "Alerts of the memory watch: the heap was above the threshold twice in a row and rising.");
    }

    public void OnEvent(in LoopEvent e)
    {
        switch (e.Kind)
        {
            case LoopEventKind.IterationEnded:
                CountEnd(e);
                break;
            case LoopEventKind.IterationStuck:
                _stuck.Add(1, TaskTag(e));
                break;
            case LoopEventKind.Fault:
                _faults.Add(1, TaskTag(e));
                break;
            case LoopEventKind.MemoryRising:
                _memoryAlerts.Add(1);
                break;
            case LoopEventKind.ShardOpened:
                _shards.Add(1, TaskTag(e), new("safeloop.shard.event", "opened"));
                break;
            case LoopEventKind.ShardClosed:
                _shards.Add(1, TaskTag(e), new("safeloop.shard.event", "closed"));
                break;
            case LoopEventKind.ShardLost:
                _shards.Add(1, TaskTag(e), new("safeloop.shard.event", "lost"));
                break;
            case LoopEventKind.LoopEnded:
                _ended.Add(1, TaskTag(e), new("safeloop.end", e.End.ToString()));
                break;
        }
    }

    private static KeyValuePair<string, object?> TaskTag(in LoopEvent e) => new("safeloop.task", e.TaskName);

    private void CountEnd(in LoopEvent e)
    {
        if (_iterations.Enabled)
            _iterations.Add(e.TheRecord.Count, TagsOf(e));
        if (e.TheRecord.Number == 0)
            return; // no iteration had started
        if (_duration.Enabled)
            _duration.Record(e.TheRecord.Elapsed.TotalSeconds, TagsOf(e));
        if (_lateness.Enabled)
            _lateness.Record(e.TheRecord.Lateness.TotalSeconds, TaskTag(e));
    }

    private static TagList TagsOf(in LoopEvent e)
    {
        var tags = new TagList { { "safeloop.task", e.TaskName }, { "safeloop.outcome", OutcomeTags.Get(e.TheRecord.Outcome) } };
        if (e.TheRecord.Reason is not OutcomeReason.None)
            tags.Add("safeloop.reason", ReasonTags.Get(e.TheRecord.Reason));
        var isInterrupted = e.TheRecord.Outcome is IterationOutcome.Interrupted;
        if (e.Exception is { } error && !(isInterrupted && Cancellation.IsCauseOf(error))) // a clean stop is not an error
            tags.Add("error.type", error.GetType().FullName);
        return tags;
    }
}
