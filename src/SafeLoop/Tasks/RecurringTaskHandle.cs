using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Shows and controls one recurring task, or one key of a keyed task.</summary>
/// <remarks>
/// <para>
/// The handle of a keyed task covers all its keys. <see cref="Snapshot"/> has the totals. <see cref="Pause"/> and
/// <see cref="Resume"/> act on all keys. <see cref="UpcomingSlots"/> returns one slot for each of the keys that are due
/// first. <see cref="RunNowAsync"/>, <see cref="Stop(string)"/> and <c>ChangeAsync</c> need one loop and throw
/// <see cref="InvalidOperationException"/>. <see cref="Start"/> does nothing, and <see cref="History"/> is empty.
/// </para>
/// <para>
/// <see cref="IRecurringTaskKeys{TTask, TKey}.Find"/> returns the handle of one key. Reading it does not change the loop. The
/// first call that controls the loop or reads <see cref="Completion"/> gives it its own runner and history, which cost some
/// kilobytes until the key is removed.
/// </para>
/// <para>System.Text.Json writes a handle as its <see cref="Snapshot"/>.</para>
/// </remarks>
/// <threadsafety>All members may be used from any thread. None waits for a step, except those that return a task.</threadsafety>
[JsonConverter(typeof(RecurringTaskHandleJsonConverter))]
public sealed class RecurringTaskHandle
{
    private readonly ITaskControl _control;

    internal RecurringTaskHandle(ITaskControl control) => _control = control;

    /// <summary>The task's name.</summary>
    public string Name => _control.Name;

    /// <summary>What the task is doing.</summary>
    public RecurringTaskState State => _control.State;

    /// <summary>
    /// The latest records, oldest first, as many as <see cref="RecurringTaskOptions.HistoryLength"/>. Skips of one reason in a
    /// row are one record with a count.
    /// </summary>
    public IReadOnlyList<IterationRecord> History => _control.History;

    /// <summary>
    /// Ends when the present loop has ended, with the reason. Never faults. After <see cref="Start"/> there is a new one.
    /// </summary>
    public Task<LoopEnd> Completion => _control.Completion;

    /// <summary>
    /// A copy of the options in force. Change it and pass it to <see cref="ChangeAsync(RecurringTaskOptions,
    /// CancellationToken)"/>.
    /// </summary>
    public RecurringTaskOptions Options => _control.Options;

    /// <summary>The options that code and configuration last set. They must not be changed.</summary>
    internal RecurringTaskOptions ConfiguredOptions => _control.ConfiguredOptions;

    /// <summary>The one loop of the handle; null when it covers all loops of a keyed task, or a parked one.</summary>
    internal TaskLoop? OwnLoop => _control as TaskLoop;

    /// <summary>The task as it is at this moment.</summary>
    public RecurringTaskSnapshot Snapshot() => _control.Snapshot();

    /// <summary>Forecasts the next slots, assuming that iterations take no time and succeed.</summary>
    /// <param name="count">The maximum number of slots; 0 or more.</param>
    /// <returns>Fewer than <paramref name="count"/> when the schedule ends before; none when the loop has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IReadOnlyList<UpcomingSlot> UpcomingSlots(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return _control.UpcomingSlots(count);
    }

    /// <summary>
    /// Forecasts the next slots as if the options were changed now, and changes nothing. Compare them with
    /// <see cref="UpcomingSlots"/> before <see cref="ChangeAsync(RecurringTaskOptions, CancellationToken)"/>.
    /// </summary>
    /// <param name="options">All options; an option that is not set has its default.</param>
    /// <param name="count">The maximum number of slots; 0 or more.</param>
    /// <returns>Fewer than <paramref name="count"/> when the schedule ends before; none when the loop has ended.</returns>
    /// <exception cref="InvalidRecurringTaskException">The options are invalid.</exception>
    /// <exception cref="InvalidOperationException">The handle covers a keyed task as a whole.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IReadOnlyList<UpcomingSlot> PreviewSlots(RecurringTaskOptions options, int count)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return _control.PreviewSlots(options, count);
    }

    /// <summary>
    /// Pauses the task. A running iteration continues. Slots are recorded as skipped until <see cref="Resume"/>. A loop that is
    /// started again is not paused.
    /// </summary>
    /// <param name="reason">Why, for the log and the snapshot.</param>
    /// <remarks>With a store, all hosts pause, and the task is still paused after a restart.</remarks>
    public void Pause(string? reason = null) => _control.PauseWith(CreatePause(reason, null, null));

    /// <summary>
    /// Pauses the task like <see cref="Pause"/>, and says who paused it and until when. With a store, waits until the other hosts
    /// can see the pause.
    /// </summary>
    /// <param name="reason">Why, for the log, the snapshot and the history; null: it was paused by hand.</param>
    /// <param name="by">Who pauses it; null: not stated.</param>
    /// <param name="until">When it resumes by itself, on the wall clock; null: when it is resumed.</param>
    /// <param name="cancellationToken">
    /// Cancels the wait for the store. The task is paused on this host all the same, and the store gets the pause when it can.
    /// </param>
    /// <returns>Without a store, a completed task.</returns>
    /// <exception cref="InvalidOperationException">
    /// The task is paused on this host, and the store does not have the pause: the host has stopped, or the store was down while
    /// 1,000 later ones were requested.
    /// </exception>
    public Task PauseAsync(
        string? reason = null, string? by = null, DateTimeOffset? until = null, CancellationToken cancellationToken = default)
    {
        _control.PauseWith(CreatePause(reason, by, until));
        return _control.Environment.Store?.WhenSentAsync(cancellationToken) ?? Task.CompletedTask;
    }

    /// <summary>
    /// Resumes a paused task: the next slot of its schedule runs, and failures count from zero. Does nothing when it is not
    /// paused.
    /// </summary>
    /// <remarks>
    /// This also ends the wait for a wall clock that was set back. Slots that have already run may then run again.
    /// </remarks>
    public void Resume() => _control.Resume(Resumption.FromUser());

    /// <summary>
    /// Resumes the task like <see cref="Resume"/>, and says who resumed it and why. With a store, waits until the other hosts can
    /// see that it is resumed.
    /// </summary>
    /// <param name="reason">Why, for the log and the log of commands; null: it was resumed by hand.</param>
    /// <param name="by">Who resumes it, for the log of commands; null: not stated.</param>
    /// <param name="cancellationToken">
    /// Cancels the wait for the store. The task is resumed on this host in any case, and the store is updated later.
    /// </param>
    /// <returns>Without a store, a completed task.</returns>
    /// <exception cref="InvalidOperationException">
    /// The task is resumed on this host, but not in the store: the host has stopped, or the store was down while 1,000 later
    /// pauses and resumptions were requested.
    /// </exception>
    public Task ResumeAsync(string? reason = null, string? by = null, CancellationToken cancellationToken = default)
    {
        _control.Resume(Resumption.FromUser(reason, by));
        return _control.Environment.Store?.WhenSentAsync(cancellationToken) ?? Task.CompletedTask;
    }

    /// <summary>
    /// Runs an iteration now, in addition to the schedule, and waits for it. Obeys the lock and the overlap policy, but not the
    /// pause.
    /// </summary>
    /// <param name="cancellationToken">Cancels this run, also while it waits for the iteration ahead of it: <see
    /// cref="OutcomeReason.Cancelled"/>.</param>
    /// <returns>
    /// How it ended. It is skipped, for example, when the previous iteration is running, the lock is held, or the loop has
    /// ended or is ending (<see cref="OutcomeReason.Disabled"/>, with the reason in <see cref="IterationRecord.Error"/>). A
    /// failing step does not make this method throw.
    /// </returns>
    /// <remarks>
    /// <para>Works from the host's <c>StartingAsync</c> on, also before the application has started.</para>
    /// <para>
    /// When the loop is stopped or removed, or its host stops, a run that has not started ends as
    /// <see cref="IterationOutcome.Interrupted"/>. When the loop ends by itself, such a run is skipped
    /// (<see cref="OutcomeReason.Disabled"/>). A run that has started is treated like any iteration.
    /// </para>
    /// <para>
    /// An iteration of this task, or work it has started, must not await another run of the same task: the run would wait for
    /// the iteration that requests it. Unless <see cref="Overlap.Allow"/> lets both run, SafeLoop skips it at once
    /// (<see cref="OutcomeReason.PreviousRunning"/>) and explains why in <see cref="IterationRecord.Error"/>. To run again after
    /// an iteration, call <see cref="Iteration.NextIn"/> in it.
    /// </para>
    /// <para>
    /// SafeLoop does not recognize two tasks that await each other's runs, nor an iteration under a lock that awaits a run of
    /// another task under the same lock with <see cref="LockHeld.Wait"/>. Both wait until a time limit or a stop ends them.
    /// </para>
    /// <para>
    /// When user code blocks the loop, for example an observer or a delay policy, the task completes only after that code
    /// returns. Health, the log and <see cref="RecurringTaskSnapshot.StateReason"/> name the code. Cancelling the token ends a
    /// run that has not started at once, even then.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The host has not started yet, or the handle covers a keyed task as a whole.
    /// </exception>
    public Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken = default) =>
        _control.RunNowAsync(cancellationToken);

    /// <summary>
    /// Cancels the iterations that are running, also those that wait for their lock. They end as
    /// <see cref="IterationOutcome.Interrupted"/> (<see cref="OutcomeReason.Cancelled"/>), and the loop goes on.
    /// </summary>
    /// <returns>How many iterations it has cancelled; of a keyed task, those of all keys.</returns>
    /// <remarks>
    /// Returns at once. A step that does not watch its token goes on, and is reported as stuck after
    /// <see cref="RecurringTaskOptions.StuckAfter"/>. Runs that are queued still run.
    /// </remarks>
    public int CancelRunning() => _control.CancelRunning();

    /// <summary>
    /// Ends the loop: a running iteration is cancelled, after <see cref="RecurringTaskOptions.DrainFor"/>, and no further one
    /// starts.
    /// </summary>
    /// <param name="reason">Why, for the log and the snapshot; may be null.</param>
    /// <remarks>Returns at once; await <see cref="Completion"/> to know when it has ended.</remarks>
    /// <exception cref="InvalidOperationException">The handle covers a keyed task as a whole.</exception>
    public void Stop(string? reason = null) => _control.Stop(reason);

    /// <summary>
    /// Starts the loop again after it has ended or was stopped. It keeps its history, and failures count from zero. Does
    /// nothing while it runs.
    /// </summary>
    /// <remarks>
    /// The new loop waits until the old one has ended, because two loops of one task never run at a time. A task that was
    /// removed, or whose host has stopped, does not start again.
    /// </remarks>
    public void Start() => _control.Start();

    /// <summary>
    /// Applies new options at once and keeps the history. A running iteration continues with the old options. Unless the task
    /// is paused, failures count from zero.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A task has one schedule. To replace it by one of another kind, set the old one to null in the same change
    /// (<c>Continuously</c> to false).
    /// </para>
    /// <para>
    /// The change is in force until the next change. When the configuration is reloaded and a setting of this task differs from
    /// the last read, the options of code and configuration replace all that was changed here.
    /// </para>
    /// <para>
    /// With a store, all hosts change the task, and the change is in force after a restart, until code or configuration is
    /// changed. Only what configuration can express is stored. When the options differ in anything else (a delegate, a policy, an
    /// exclusion), the change applies to this host until it stops, and a warning says so. A change of one key is never stored.
    /// </para>
    /// </remarks>
    /// <example><code>
    /// await task.ChangeAsync(options =&gt; options.Every = TimeSpan.FromSeconds(5));
    /// await task.ChangeAsync(options =&gt; (options.Every, options.Cron) = (null, "0 3 * * *"));
    /// </code></example>
    /// <param name="options">All options; an option that is not set has its default. The object is copied.</param>
    /// <param name="cancellationToken">Stops waiting; the change takes effect all the same.</param>
    /// <returns>
    /// A task that completes when the loop has planned its next slot by the new options. While user code blocks the loop, it
    /// does not complete.
    /// </returns>
    /// <remarks>
    /// A step of the same task may await it, but must not block on it (<c>Wait</c>, <c>Result</c>): before its first await, the
    /// step itself blocks the loop that is to plan the slot.
    /// </remarks>
    /// <exception cref="InvalidRecurringTaskException">The options are invalid; the old ones stay in force.</exception>
    /// <exception cref="InvalidOperationException">The handle covers a keyed task as a whole.</exception>
    public Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _control.ChangeAsync(options, cancellationToken);
    }

    /// <inheritdoc cref="ChangeAsync(RecurringTaskOptions, CancellationToken)"/>
    /// <param name="change">Changes a copy of the options in force.</param>
    /// <param name="cancellationToken">Stops waiting; the change takes effect all the same.</param>
    public Task ChangeAsync(Action<RecurringTaskOptions> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var options = Options;
        change(options);
        return ChangeAsync(options, cancellationToken);
    }

    private TaskPause CreatePause(string? reason, string? by, DateTimeOffset? until) => new()
    {
        Reason = reason ?? TaskPause.ByHand,
        By = by,
        Since = _control.Environment.Time.GetUtcNow(),
        Until = until,
    };
}
