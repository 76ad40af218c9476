namespace SafeLoop;

// Changes of the options that outlive the host.
internal sealed partial class TaskLoop
{
    // A database cuts longer text.
    public const int LongestOptions = 4_000;

    private volatile TaskChange? _stored;
    private volatile string? _rejectedStored;
    private volatile bool _isChanged; // by a handle of this host

    /// <summary>The stored change from which its options come; null: there is none.</summary>
    public TaskChange? StoredChange => _stored;

    /// <summary>Identifies the options of code and configuration.</summary>
    public string Fingerprint => _environment.OptionsFormat.Fingerprint(_read);

    /// <summary>Applies a change that was loaded, unless there is a later one, or other code or configuration.</summary>
    public void RestoreChange(TaskChange change)
    {
        if (_isChanged)
            return;
        if (change.Fingerprint is { } fingerprint && fingerprint != Fingerprint)
        {
            _stored = change;
            DropStored("The options of code or configuration were changed.");
        }
        else
        {
            ApplyChange(change);
        }
    }

    /// <summary>Applies a change to the options of code and configuration; null: applies these.</summary>
    /// <returns>Why it was rejected, as a sentence; null: it is in force.</returns>
    public string? ApplyChange(TaskChange? change)
    {
        try
        {
            var options = _read.Copy();
            string[] problems = change is null ? [] :
                [.. _environment.OptionsFormat.Apply(options, change.Options)
                    .Select(problem => OptionsProblems.Sentence(Name, problem))];
            if (problems.Length > 0)
                throw new InvalidRecurringTaskException(problems);
            _ = Change(options);
            (_stored, _rejectedStored) = (change, null);
            return null;
        }
        catch (Exception error) // options are user code (validators, exclusions), and the task must start all the same
        {
            var why = error is InvalidRecurringTaskException { Problems: var problems }
                ? string.Join(" ", problems)
                : ErrorText.Format(error)!;
            _rejectedStored = $"The stored change of {change?.Since:u} by {change?.By ?? "an unknown person"} cannot be used: "
                + $"{why} Send another change, or one without options to remove it.";
            _environment.Observers.Publish(
                new() { Kind = LoopEventKind.ChangeRejected, TaskName = Name, Text = _rejectedStored });
            return why;
        }
    }

    // The latest decision wins: a new release or configuration.
    private void DropStored(string reason)
    {
        if (_stored is not { } dropped)
            return;
        (_stored, _rejectedStored) = (null, null);
        _environment.Observers.Warn(
            Name,
            [
                $"The stored change of {dropped.Since:u} by {dropped.By ?? "an unknown person"} is dropped: {dropped.Options} "
                    + reason,
            ]);
        _environment.Store?.SaveChange(_task, null, reason);
    }

    private void Save(ILoopStore store, RecurringTaskOptions options)
    {
        _isChanged = true;
        if (_environment.OptionsFormat.Write(_read, options) is not { Length: <= LongestOptions } json)
        {
            _stored = null;
            _environment.Observers.Warn(
                Name,
                [
                    "ChangeAsync set options that configuration cannot express, such as a delegate or a policy. The change is "
                        + "not stored: it applies to this host only, until the host stops.",
                ]);
            return;
        }
        var change = json == "{}" ? null : new TaskChange
        {
            Options = json,
            Since = _environment.Time.GetUtcNow(),
            Fingerprint = Fingerprint,
        };
        (_stored, _rejectedStored) = (change, null);
        store.SaveChange(_task, change, reason: null);
    }
}
