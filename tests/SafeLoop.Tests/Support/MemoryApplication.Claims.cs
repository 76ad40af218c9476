using SafeLoop.Storage;

namespace SafeLoop.Tests;

// Instances, and the slots that they claim and record.
internal sealed partial class MemoryApplication
{
    public void Connect(StoreInstance instance, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(instance.Id, out var stored))
            _instances.Add(instance.Id, stored = new MemoryInstance(instance) { Started = now });
        if (!stored.HasEnded)
            stored.Heartbeat = now;
    }

    public void Disconnect(Guid instance, DateTimeOffset now)
    {
        if (_instances.TryGetValue(instance, out var stored))
            stored.End(RecurringTaskInstanceState.Stopped, now);
    }

    public HeartbeatResult Beat(Guid id, InstanceSample sample, long after, TimeSpan lostAfter, DateTimeOffset now)
    {
        var instance = _instances.GetValueOrDefault(id);
        if (instance is { HasEnded: false })
            instance.Heartbeat = now;
        if (instance is not null && rules.MaySample(instance))
            AddSample(instance, sample with { Taken = now });
        foreach (var other in _instances.Values.Where(other => rules.IsSilent(now - other.Heartbeat, lostAfter)))
            other.End(RecurringTaskInstanceState.Lost, now);
        EndLostCommands(now);
        return new()
        {
            Now = now,
            IsLost = instance is not { HasEnded: false },
            Lost = EndLostClaims(now),
            Commands = [.. from command in _commands
                           where command.Command.Number > after && !command.HasExpired(now)
                           select command.Command],
        };
    }

    public bool TryClaim(SlotClaim claim, DateTimeOffset now)
    {
        if (!rules.MayClaim(_instances.GetValueOrDefault(claim.Instance)))
            return false;
        var (loop, slot) = (GetLoop(claim.TaskName, claim.Key), rules.SlotOf(claim.Slot));
        if (loop.FindClaim(slot) is { } made && rules.IsOwn(made, claim.Instance))
            return true;
        var task = GetTask(claim.TaskName);
        if (!rules.IsFree(loop, slot, now) || rules.HasOutcome(History, task, claim.Key, slot))
            return false;
        loop.Claims[slot] = new MemoryClaim(slot, claim.Instance, now);
        MoveLastSlot(task, loop, slot);
        return true;
    }

    public DateTimeOffset? Record(HistoryEntry entry, bool isClaimed, DateTimeOffset now)
    {
        var (task, loop) = (GetTask(entry.TaskName), GetLoop(entry.TaskName, entry.Key));
        if (rules.IsRecorded(History, task, entry))
            return null;
        var slot = rules.SlotOf(entry.Record.Slot);
        var claim = loop.FindClaim(slot);
        if (isClaimed ? !rules.MayRecord(claim, entry.Instance) : !rules.IsFree(loop, rules.SlotOf(entry.FirstSlot ?? slot), now))
            return loop.State.LastSlot ?? DateTimeOffset.MinValue;
        if (claim is not null)
            loop.Claims.Remove(slot);
        if (!isClaimed)
            MoveLastSlot(task, loop, slot);
        Add(task, loop, entry, now);
        return null;
    }

    private void AddSample(MemoryInstance instance, InstanceSample sample)
    {
        instance.LastSample = sample;
        var minute = sample.Taken.AddTicks(-(sample.Taken.Ticks % TimeSpan.TicksPerMinute));
        if (!instance.Samples.TryGetValue(minute, out var kept) || rules.ReplacesSample(kept, sample))
            instance.Samples[minute] = sample with { Taken = minute };
    }

    private void Add(MemoryTask task, MemoryLoop loop, HistoryEntry entry, DateTimeOffset now)
    {
        History.Add(task, entry, now);
        loop.State = rules.Count(loop.State, entry.Record);
        if (entry.Key is null && rules.AddsToTotals(entry))
            Totals.Add(task, MemoryTotals.Of(entry));
    }

    private SlotClaim[] EndLostClaims(DateTimeOffset now)
    {
        var lost = AllClaims().FindAll(found => _instances.GetValueOrDefault(found.Claim.Instance)?.HasEnded is true);
        foreach (var (task, loop, claim) in lost)
        {
            rules.Remove(loop, claim);
            Add(task, loop, ToEntry(task, loop, claim), now);
        }
        return [.. lost.Select(found => new SlotClaim
        {
            TaskName = found.Task.Name,
            Key = found.Loop.State.Key,
            Slot = found.Claim.Slot,
            Instance = found.Claim.Instance,
        })];
    }

    private static HistoryEntry ToEntry(MemoryTask task, MemoryLoop loop, MemoryClaim claim) => new()
    {
        TaskName = task.Name,
        Key = loop.State.Key,
        Instance = claim.Instance,
        Record = new()
        {
            Slot = claim.Slot,
            Started = claim.Since,
            Outcome = IterationOutcome.Interrupted,
            Reason = OutcomeReason.HostLost,
        },
    };

    private static void MoveLastSlot(MemoryTask task, MemoryLoop loop, DateTimeOffset slot) =>
        loop.State = loop.State with { LastSlot = slot, Schedule = task.Schedule };
}
