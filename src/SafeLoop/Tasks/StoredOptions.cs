namespace SafeLoop;

/// <summary>Changes of the options of a task that outlive the host.</summary>
/// <param name="task">The name of the task.</param>
/// <param name="environment">Has the store, and writes options.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class StoredOptions(string task, LoopEnvironment environment)
{
    // A database cuts longer text.
    public const int LongestOptions = 4_000;

    private volatile TaskChange? _stored;
    private volatile string? _rejectedStored;
    private volatile bool _isChanged; // by a handle of this host

    /// <summary>The stored change from which its options come; null: there is none.</summary>
    public TaskChange? Change => _stored;

    /// <summary>Why the stored change cannot be used, as a sentence; null: it can, or there is none.</summary>
    public string? Rejected => _rejectedStored;

    /// <summary>Applies a change that was loaded, unless there is a later one, or other code or configuration.</summary>
    /// <param name="change">The change.</param>
    /// <param name="configured">The options of code and configuration.</param>
    /// <param name="apply">Changes the options in force.</param>
    public void Restore(TaskChange change, RecurringTaskOptions configured, Func<RecurringTaskOptions, Task> apply)
    {
        if (_isChanged)
            return;
        if (change.Fingerprint is { } fingerprint && fingerprint != environment.OptionsFormat.Fingerprint(configured))
        {
            _stored = change;
            Drop("The options of code or configuration were changed.");
        }
        else
        {
            Apply(change, configured, isStored: true, apply);
        }
    }

    /// <summary>Applies a change to the options of code and configuration; null: applies these.</summary>
    /// <param name="change">The change.</param>
    /// <param name="configured">The options of code and configuration.</param>
    /// <param name="isStored">False: the store waits for a host that can use it.</param>
    /// <param name="apply">Changes the options in force.</param>
    /// <returns>Why it was rejected, as a sentence; null: it is in force.</returns>
    public string? Apply(
        TaskChange? change, RecurringTaskOptions configured, bool isStored, Func<RecurringTaskOptions, Task> apply)
    {
        if (change is not null && _stored is { } stored && stored == change with { Fingerprint = stored.Fingerprint })
        {
            (_stored, _rejectedStored) = (change, null); // applied before the store had it
            return null;
        }
        if (FindMistake(change?.Options, configured, options => _ = apply(options)) is not { } why)
        {
            (_stored, _rejectedStored) = (change, null);
            return null;
        }
        if (!isStored)
            return why; // the sender reads it in the result of the command
        _rejectedStored = $"The stored change of {change?.Since:u} by {change?.By ?? "an unknown person"} cannot be used: "
            + $"{why} Send another change, or one without options to remove it.";
        environment.Observers.Publish(new() { Kind = LoopEventKind.ChangeRejected, TaskName = task, Text = _rejectedStored });
        return why;
    }

    /// <summary>Why a change of the options of code and configuration cannot be used, as a sentence; null: it can.</summary>
    /// <param name="change">The change, as JSON; null: none.</param>
    /// <param name="configured">The options of code and configuration.</param>
    /// <param name="use">Uses the changed options. Throws when they are not valid.</param>
    public string? FindMistake(string? change, RecurringTaskOptions configured, Action<RecurringTaskOptions> use)
    {
        try
        {
            var options = configured.Copy();
            string[] problems = change is null ? [] :
                [.. environment.OptionsFormat.Apply(options, change).Select(problem => OptionsProblems.Sentence(task, problem))];
            if (problems.Length > 0)
                throw new InvalidRecurringTaskException(problems);
            FixedOptions.ThrowIfChanged(task, configured, options);
            use(options);
            return null;
        }
        catch (Exception error) // options are user code (validators, exclusions), and the task must start all the same
        {
            return error is InvalidRecurringTaskException { Problems: var problems }
                ? string.Join(" ", problems)
                : ErrorText.Format(error)!;
        }
    }

    /// <summary>Drops the stored change. The latest decision wins: a new release or configuration.</summary>
    public void Drop(string reason)
    {
        if (_stored is not { } dropped)
            return;
        (_stored, _rejectedStored) = (null, null);
        environment.Observers.Warn(
            task,
            [
                $"The stored change of {dropped.Since:u} by {dropped.By ?? "an unknown person"} is dropped: {dropped.Options} "
                    + reason,
            ]);
        environment.Store?.SaveChange(task, null, reason);
    }

    /// <summary>Stores what configuration can express of options that are in force on this host.</summary>
    /// <param name="configured">The options of code and configuration.</param>
    /// <param name="options">The options in force.</param>
    public void Save(RecurringTaskOptions configured, RecurringTaskOptions options)
    {
        _isChanged = true;
        if (environment.OptionsFormat.Write(configured, options) is not { Length: <= LongestOptions } json)
        {
            _stored = null;
            environment.Observers.Warn(
                task,
                [
                    "ChangeAsync set options that configuration cannot express, such as a delegate or a policy. The change is "
                        + "not stored: it applies to this host only, until the host stops.",
                ]);
            return;
        }
        var change = json == "{}" ? null : new TaskChange
        {
            Options = json,
            Since = environment.Time.GetUtcNow(),
            Fingerprint = environment.OptionsFormat.Fingerprint(configured),
        };
        (_stored, _rejectedStored) = (change, null);
        environment.Store?.SaveChange(task, change, reason: null);
    }
}
