using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop;

/// <summary>Finds the symptoms of one loop and describes them. The rules are the same for ordinary tasks and for keys.</summary>
internal static class LoopHealth
{
    // A slot this late was not processed: the loop has no chance to run.
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(30);

    public static Symptoms Judge(in LoopView loop, DateTimeOffset now)
    {
        var (found, isWaiting) = (Symptoms.None, loop.State is RecurringTaskState.Waiting);
        var running = loop.Running;
        var isStuck = Array.Exists(running, iteration => iteration.IsStuck);
        found |= isStuck ? Symptoms.Stuck : 0;
        found |= loop.End switch
        {
            LoopEnd.Failures => Symptoms.GaveUp,
            LoopEnd.Moved => Symptoms.None, // the host that runs it reports its health
            not null => Symptoms.Ended,
            null => (loop.Failures > 0 ? Symptoms.Failing : 0) | (loop.IsPolicyBroken ? Symptoms.BrokenPolicy : 0),
        };
        found |= loop.State is RecurringTaskState.Paused ? Symptoms.Paused : 0;
        found |= isWaiting && now - loop.NextSlot is { } late && IsOverdue(late, loop.Task.Options) ? Symptoms.Overdue : 0;
        found |= isWaiting && loop.WaitsUntil is not null ? Symptoms.WaitsForClock : 0;
        if (running.Length > 0 && LetsSlotsPass(loop.Runner!, running[0]))
            found |= Symptoms.SlotsPass;
        else if (running.Length > 0 && !isStuck && FindLong(running, loop.Task) is not null)
            found |= Symptoms.MayHang;
        return found | (loop.WithoutSuccess > loop.Task.Options.SucceedWithin ? Symptoms.NoSuccess : 0);
    }

    public static HealthStatus SeverityOf(Symptoms symptom) => symptom switch
    {
        Symptoms.Stuck or Symptoms.GaveUp or Symptoms.NoSuccess => HealthStatus.Unhealthy,
        Symptoms.Ended or Symptoms.Paused => HealthStatus.Healthy,
        _ => HealthStatus.Degraded,
    };

    /// <summary>A sentence about one loop, without its subject.</summary>
    public static string Describe(Symptoms symptom, in LoopView loop) => symptom switch
    {
        Symptoms.Stuck => $"is stuck: cancelled, but running since {Since(loop):O}.",
        Symptoms.GaveUp => $"has ended: {loop.Reason ?? FailuresOf(loop)}",
        Symptoms.Ended => $"has ended: {loop.End}.",
        Symptoms.Failing => $"is failing: {FailuresOf(loop)}",
        Symptoms.BrokenPolicy => $"has a broken delay policy: it {loop.Mistake}.",
        Symptoms.Paused => $"is paused: {loop.Reason}",
        Symptoms.Overdue => $"is overdue: its slot {loop.NextSlot:O} has not run.",
        Symptoms.WaitsForClock => $"waits for the clock until {loop.WaitsUntil}: it was set back, and no slot runs twice. "
            + ClockSetBack.HowToEndWait(loop.Task.Options),
        Symptoms.SlotsPass => $"is overdue: its iteration has been running since {Since(loop):O} and slots pass.",
        Symptoms.MayHang => $"may hang: its iteration has been running since {Since(loop):O} "
            + $"in {ActivityOf(loop)}, and has no time limit.",
        _ => $"has not succeeded for {loop.WithoutSuccess}, and must within {loop.Task.Options.SucceedWithin}.",
    };

    /// <summary>The beginning of a sentence about several loops, before "for 2 of 3 keys".</summary>
    public static string Summarize(Symptoms symptom) => symptom switch
    {
        Symptoms.Stuck => "is stuck",
        Symptoms.GaveUp => "has ended after failures",
        Symptoms.Failing => "is failing",
        Symptoms.BrokenPolicy => "has a broken delay policy",
        Symptoms.WaitsForClock => "waits for the clock",
        Symptoms.SlotsPass => "is overdue in a running iteration",
        Symptoms.MayHang => "may hang",
        _ => "is overdue",
    };

    private static string FailuresOf(in LoopView loop) => $"{loop.Failures} failure(s) in a row.";

    private static DateTimeOffset? Since(in LoopView loop) => loop.Running is not [_, ..] running ? null
        : loop.Runner!.Schedule.Clock.ToWall(new(running.Min(iteration => iteration.Started.Now.UtcTicks))).ToNullable();

    private static string? ActivityOf(in LoopView loop) => FindLong(loop.Running, loop.Task)?.Iteration.CurrentActivity;

    private static RunningIteration? FindLong(RunningIteration[] running, RecurringTask task) =>
        Array.Find(running, iteration => iteration.IsLong(task));

    // The last record may belong to an earlier iteration, or to another key that used this runner before.
    private static bool LetsSlotsPass(LoopRunner runner, RunningIteration oldest) =>
        runner.Log.Last is { Reason: OutcomeReason.PreviousRunning } last
        && last.Started >= oldest.Started.Now.ToDateTimeOffset();

    // A start may be later than its slot by design: by its jitter, and for a spread cron task by up to a minute.
    private static bool IsOverdue(TimeSpan late, RecurringTaskOptions options) =>
        late - (options is { Spread: true, Cron: not null } ? TimeSpan.FromMinutes(1) : TimeSpan.Zero) - Overdue > options.Jitter;
}
