using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Restores what a store remembers of the keys of a task, before their first slots are planned.</summary>
/// <remarks>Thread-safe. Reads the text of keys, which is user code, under no lock.</remarks>
internal sealed class KeyRestorer(KeyGroup group)
{
    /// <summary>True when something is stored of keys that was not restored yet.</summary>
    public bool HasKeys => group.IsDefined && Store?.HasKeys(group.Name) is true;

    private ILoopStore? Store => group.Environment.Store;

    /// <summary>
    /// Restores all keys of this host. The session keeps the rest, within a limit, for keys that are added later.
    /// </summary>
    public void RestoreAll()
    {
        if (!HasKeys)
            return;
        foreach (var loop in group.Rows.All())
        {
            if (group.Owner.KeyOf(loop) is { } key)
                Restore(key);
        }
        Store!.LimitKeys(group.Name);
    }

    /// <summary>Restores a key, unless nothing is stored of it or it was restored before.</summary>
    public void Restore(IKeyed key)
    {
        if (!HasKeys)
            return;
        TaskPause? pause = null;
        var isInRunner = false;
        Store!.RestoreKey(key, stored =>
        {
            pause = stored.Pause is { } kept && !(kept.Until <= group.Environment.Time.GetUtcNow()) ? kept : null;
            isInRunner = Apply(key.Id, stored with { Pause = pause });
        });
        if (pause is not null)
            Finish(key.Id, pause, isInRunner);
    }

    /// <summary>Sets or ends the pause of a key that has not started yet.</summary>
    public void SetPause(LoopId loop, TaskPause? pause)
    {
        if (group.Rows.StateOf(loop) is not KeyedLoopState.NotStarted)
            return; // it has ended
        group.Restored.Remove(loop);
        if (pause is null)
        {
            group.Rows.EndPause(loop);
            return;
        }
        var isInRunner = Apply(loop, new() { TaskName = group.Name, Pause = pause });
        Finish(loop, pause, isInRunner);
    }

    /// <summary>Ends a restored pause whose time has come, unless it was resumed or replaced meanwhile.</summary>
    public void EndPause(LoopId loop, TaskPause pause)
    {
        if (ReferenceEquals(group.Restored.PauseOf(loop), pause))
            group.Owner.Pin(loop)?.EndPause(pause);
    }

    private bool Apply(LoopId loop, StoredLoop stored)
    {
        var options = group.Task.Options;
        var slot = options.SurviveRestarts is not null && stored.Schedule == options.ScheduleText ? stored.LastSlot : null;
        group.Restored.Add(loop, stored.Pause, slot is { } last ? (Instant)last : Instant.None, group.Clock.Now);
        return group.Rows.Restore(loop, stored, withSlots: slot is not null);
    }

    // A parked loop keeps its pause beside its row. In a runner the control has it, which publishes an event.
    private void Finish(LoopId loop, TaskPause pause, bool isInRunner)
    {
        if (isInRunner)
            group.Owner.Pin(loop)?.RestorePause(pause);
        else if (pause.Until is { } until)
            new PauseEnd(group.Environment.Pacemaker, new RestoredPause(this, loop, pause), until).Arm();
    }

    private sealed class RestoredPause(KeyRestorer restorer, LoopId loop, TaskPause pause) : IPausable
    {
        void IPausable.OnPauseEnded(PauseEnd end) => restorer.EndPause(loop, pause);
    }
}
