namespace SafeLoop.Storage;

/// <summary>
/// A database that keeps the states, the history and the commands of recurring tasks. Implemented by
/// <c>SafeLoop.EntityFrameworkCore</c>; implement it for another database.
/// </summary>
/// <remarks>
/// <para>
/// Every method must be idempotent: after an exception the caller repeats the call with the same arguments, because it cannot
/// know whether the transaction was committed.
/// </para>
/// <para>
/// An object that implements this interface serves one host. <see cref="ConnectAsync"/> is called first and sets the application;
/// everything else is about the tasks of this application only.
/// </para>
/// <para>
/// Instants are those of the database's clock where a remark says so, otherwise those of the caller. They are truncated to
/// microseconds.
/// </para>
/// <para>
/// Names of tasks are compared without regard to capitals, keys exactly. Different keys never become equal,
/// whatever their characters and length. Text of up to 200 characters comes back unchanged; a NUL and half a surrogate pair
/// may be replaced, and longer text may be cut.
/// </para>
/// <para><c>SafeLoop.Testing.Contracts</c> has tests for every promise of this interface.</para>
/// </remarks>
/// <threadsafety>All members are called concurrently.</threadsafety>
public interface IRecurringTaskStore
{
    /// <summary>
    /// The key of a <see cref="TimeProvider"/> in the services that replaces the clock of the database. Virtual time registers
    /// one; otherwise there is none.
    /// </summary>
    const string ClockKey = "SafeLoop.Storage.Clock";

    /// <summary>
    /// Finds what can never work in the registration of the store. The host calls it before its loops start, and does not start
    /// when there is a problem.
    /// </summary>
    /// <returns>A sentence for each problem. The default is none.</returns>
    /// <remarks>It must not contact the database: one that is down is no reason not to start.</remarks>
    IReadOnlyList<string> FindProblems() => [];

    /// <summary>
    /// Connects: checks the version of the tables, creates them where the store owns them, and adds the instance.
    /// </summary>
    /// <param name="instance">This host. When it is there already, only its heartbeat is renewed.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <exception cref="IncompatibleStoreException">
    /// The tables are missing, or were made by a version that this one cannot use. The host tries again once a minute, because a
    /// migration may be applied while it is running.
    /// </exception>
    ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken);

    /// <summary>Loads the stored states of tasks, and adds the tasks that are new.</summary>
    /// <param name="tasks">The tasks of this host.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <returns>The loops that are stored: one per task, and one for each key that is stored individually.</returns>
    ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken);

    /// <summary>
    /// Renews the heartbeat on the database's clock, and returns what has happened in the store since the last call.
    /// </summary>
    /// <param name="instance">The id of this host.</param>
    /// <param name="sample">
    /// The memory and the loops of this host. The store keeps it as the last one of the instance, and of each minute of the
    /// database's clock the one with the largest heap. A lost instance adds none.
    /// </param>
    /// <param name="after">The number of the last command that this host has read; 0: none.</param>
    /// <param name="lostAfter">An instance without a heartbeat for longer than this is lost.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <remarks>
    /// Each claim of a lost or stopped instance ends here, in the store, as
    /// <see cref="IterationOutcome.Interrupted"/> (<see cref="OutcomeReason.HostLost"/>), exactly once however many hosts call.
    /// It counts as an outcome of <see cref="RecordAsync"/> does.
    /// A command that such an instance has taken and not completed gets the result <c>Interrupted (HostLost)</c>. No other
    /// instance takes it.
    /// </remarks>
    ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken);

    /// <summary>Claims a slot of a task with <c>SurviveRestarts</c> before its steps run.</summary>
    /// <param name="claim">The slot and the instance.</param>
    /// <param name="cancellationToken">Cancels the wait. The claim may have been made all the same.</param>
    /// <returns>
    /// True when this instance has the claim, also when the call is repeated. False when the slot has an outcome, when it or a
    /// later slot has been claimed or recorded, or when this instance is lost or stopped.
    /// </returns>
    /// <remarks>
    /// A last slot more than a day after the database's clock comes from a host whose clock was wrong. It does not refuse slots
    /// up to a day after the database's clock, here and in <see cref="RecordAsync"/>: the last slot then moves back.
    /// </remarks>
    ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken);

    /// <summary>Records the outcome of a slot, or of several skipped slots, of a task with <c>SurviveRestarts</c>.</summary>
    /// <param name="entry">The outcome. <see cref="HistoryEntry.FirstSlot"/> is the first slot of several.</param>
    /// <param name="isClaimed">True: the instance has claimed the slot. False: it does not run, so no instance has.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <remarks>
    /// In the same transaction the outcome is added to the counts of its loop. Unless another outcome has ended later, it becomes
    /// the last outcome of the loop: a success resets the failures in a row, and a failure or time-out adds to them. An outcome
    /// of an ordinary task is also added to the totals of the hour in which it ended. Totals of keyed tasks come with batches.
    /// </remarks>
    /// <returns>
    /// Null when the outcome was recorded, also by an earlier call of this instance. Otherwise nothing was recorded, because the
    /// claim has ended or was never made, or, without a claim, because the first of the slots is not after the last slot that
    /// is claimed or recorded. The value is then this last slot; <see cref="DateTimeOffset.MinValue"/>: none.
    /// </returns>
    ValueTask<DateTimeOffset?> RecordAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken);

    /// <summary>
    /// Saves history, states and totals in one transaction. Outcomes of <see cref="RecordAsync"/> are not part of a batch.
    /// </summary>
    /// <param name="batch">What to save. A batch with a number that was saved before is ignored.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken);

    /// <summary>Queries the history by slot: newest first, or oldest first for <see cref="HistoryQuery.OldestFirst"/>.</summary>
    /// <param name="query">The filter and the page. The caller has validated everything except the cursor.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="ArgumentException">The cursor is not one of this store.</exception>
    ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the last entries of each task.</summary>
    /// <param name="count">The most entries of a task: 1 to 100.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The entries, newest slot first within a task. Those of a keyed task are of any of its keys.</returns>
    /// <remarks>
    /// By default one call of <see cref="QueryAsync"/> for each task. Implement it for a database that can do it in one query.
    /// </remarks>
    async ValueTask<IReadOnlyList<HistoryEntry>> QueryLatestAsync(int count, CancellationToken cancellationToken)
    {
        var entries = new List<HistoryEntry>();
        var tasks = new LoopQuery { PageSize = 1_000 };
        while (true)
        {
            var page = await QueryLoopsAsync(tasks, cancellationToken).ConfigureAwait(false);
            foreach (var task in page.Loops)
            {
                var query = new HistoryQuery { TaskName = task.TaskName, PageSize = count };
                entries.AddRange((await QueryAsync(query, cancellationToken).ConfigureAwait(false)).Entries);
            }
            if (page.Cursor is null)
                return entries;
            tasks = tasks with { Cursor = page.Cursor };
        }
    }

    /// <summary>Reads the instances of the application, the last started first: at most 1,000.</summary>
    /// <param name="cancellationToken">Cancels the query.</param>
    ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken);

    /// <summary>Reads the samples of an instance, also of one that has ended: one per minute, the latest first.</summary>
    /// <param name="query">The filter and the page. The caller has validated everything except the cursor.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>An empty page for an instance that is unknown, or is one of another application.</returns>
    /// <exception cref="ArgumentException">The cursor is not one of this store.</exception>
    ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the gaps of the history, the one that ended last first: at most 1,000.</summary>
    /// <param name="since">The instant at or after which they ended.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// Reads totals per hour: the latest hour first, then the tasks in a stable order.
    /// </summary>
    /// <param name="query">The filter and the page. The caller has validated everything except the cursor.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="ArgumentException">The cursor is not one of this store.</exception>
    ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the stored states of tasks, with the schedules that were loaded last, or of the keys of one task, in a stable order
    /// of names or texts.
    /// </summary>
    /// <param name="query">The filter and the page. The caller has validated everything except the cursor.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>
    /// A page. It may be short or empty and still have a cursor, because a call reads a bounded number of rows.
    /// </returns>
    /// <exception cref="ArgumentException">The cursor is not one of this store.</exception>
    ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a command for all instances or for one. The table of commands is the audit log. A pause, a resumption or
    /// a change of a task also changes what is stored of it, so that a host that starts later loads it. So does a pause or
    /// a resumption of a key, whose row may be deleted when it then holds nothing. A change without options removes the stored
    /// one.
    /// </summary>
    /// <remarks>
    /// A change with options and without a <see cref="TaskCommand.Fingerprint"/> is sent by a process that does not have the
    /// task. It changes what is stored only with the first <see cref="TaskCommandResult.IsExecuted">executed</see> result of
    /// <see cref="CompleteCommandAsync"/>, unless a later change is stored by then. The command then gets the next number, and
    /// the fingerprint of the task as it was loaded last, or an empty one.
    /// </remarks>
    /// <param name="command">
    /// The command. One with the same <see cref="TaskCommand.Id"/> is added once. Ids are unique within an application.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The command may have been added all the same.</param>
    /// <returns>False when no task of this name is stored. Then nothing was added.</returns>
    ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken);

    /// <summary>Takes a command that one instance executes, such as a run by hand.</summary>
    /// <param name="command">The id of the command.</param>
    /// <param name="instance">The id of this host.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <returns>True when it belongs to this instance; false when another has taken it, or it has expired.</returns>
    ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken);

    /// <summary>Records how a command ended on one instance. The first result of an instance stays.</summary>
    /// <param name="command">The id of the command.</param>
    /// <param name="result">
    /// How it ended. Of a command for one instance, only the one that has taken it records that it was executed.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask CompleteCommandAsync(Guid command, TaskCommandResult result, CancellationToken cancellationToken);

    /// <summary>Finds a command and its results.</summary>
    /// <param name="command">The id of the command.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Null when there is none in this application.</returns>
    ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken);

    /// <summary>Reads the log of commands, the last number first.</summary>
    /// <param name="query">The filter and the page. The caller has validated everything except the cursor.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="ArgumentException">The cursor is not one of this store.</exception>
    ValueTask<TaskCommandPage> QueryCommandsAsync(TaskCommandQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes rows of this application that are older than the retention, in one small transaction. An instance that is alive or
    /// has a claim stays.
    /// </summary>
    /// <param name="retention">How long each kind of row is kept.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <returns>True when more is left to delete.</returns>
    ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes everything that is stored of one key of a task, except the commands to erase it, which other instances have to
    /// read.
    /// </summary>
    /// <remarks>
    /// A command to erase a key is missing in <see cref="HeartbeatResult.Commands"/> when it has expired, and
    /// <see cref="DeleteExpiredAsync"/> then removes its key.
    /// </remarks>
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The text of the key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken);

    /// <summary>Marks the instance as stopped. Its claims are then lost at once.</summary>
    /// <param name="instance">The id of this host.</param>
    /// <param name="cancellationToken">Cancelled when the host's limit has passed.</param>
    ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken);
}
