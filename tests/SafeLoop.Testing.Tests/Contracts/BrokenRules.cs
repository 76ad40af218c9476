using SafeLoop.Storage;
using SafeLoop.Tests;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The rules of a store, of which one is broken.</summary>
internal sealed class BrokenRules(StoreDefect defect) : MemoryRules
{
    public override DateTimeOffset Now(TimeProvider database, TimeProvider host) =>
        defect is StoreDefect.TimeIsThatOfTheHost ? host.GetUtcNow() : base.Now(database, host);

    public override string ApplicationOf(string application) =>
        defect is StoreDefect.ApplicationsAreMixed ? "" : base.ApplicationOf(application);

    public override string? KeyOf(string? key) => defect switch
    {
        StoreDefect.CapitalsOfKeysDoNotMatter => key?.ToUpperInvariant(),
        StoreDefect.KeysAreTrimmed => key?.TrimEnd(' '),
        StoreDefect.KeysAreCut => key?.Length > 200 ? key[..200] : key,
        StoreDefect.KeysAreCleaned => key is null ? null : new([.. key.Select(c => c is '\0' || char.IsSurrogate(c) ? '?' : c)]),
        StoreDefect.EmptyKeyIsTheTask => key ?? "",
        _ => base.KeyOf(key),
    };

    public override DateTimeOffset SlotOf(DateTimeOffset slot) =>
        defect is StoreDefect.SlotsAreRounded ? slot.AddTicks(-(slot.Ticks % TimeSpan.TicksPerMillisecond)) : base.SlotOf(slot);

    public override bool IsOwn(MemoryClaim claim, Guid instance) =>
        defect is not StoreDefect.OwnClaimIsRefused && (defect is StoreDefect.EveryClaimIsOwn || base.IsOwn(claim, instance));

    public override bool IsWrong(DateTimeOffset? last, DateTimeOffset first, DateTimeOffset now) =>
        defect is not StoreDefect.FutureSlotsBlock && base.IsWrong(last, first, now);

    public override bool HasOutcome(MemoryEntries history, MemoryTask task, string? key, DateTimeOffset slot) =>
        defect is not StoreDefect.FutureSlotsRunAgain && base.HasOutcome(history, task, key, slot);

    public override bool IsFree(MemoryLoop loop, DateTimeOffset first, DateTimeOffset now) => defect switch
    {
        StoreDefect.SlotIsNotCompared => true,
        StoreDefect.OnlyTheSameSlotIsRefused => first != loop.State.LastSlot && !loop.Claims.ContainsKey(first),
        _ => base.IsFree(loop, first, now),
    };

    public override bool MayClaim(MemoryInstance? instance) => defect is StoreDefect.LostHostsClaim || base.MayClaim(instance);

    public override bool MayRecord(MemoryClaim? claim, Guid instance) =>
        defect is StoreDefect.LateOutcomesAreRecorded || base.MayRecord(claim, instance);

    public override bool IsRecorded(MemoryEntries history, MemoryTask task, HistoryEntry entry) =>
        defect is not StoreDefect.RepeatedOutcomeIsRefused && base.IsRecorded(history, task, entry);

    public override bool IsSilent(TimeSpan silence, TimeSpan lostAfter) => defect switch
    {
        StoreDefect.SilenceIsNotNoticed => false,
        StoreDefect.HostsAreLostTooSoon => silence > lostAfter / 2,
        _ => base.IsSilent(silence, lostAfter),
    };

    public override void Remove(MemoryLoop loop, MemoryClaim claim)
    {
        if (defect is not StoreDefect.LostClaimsEndAgain)
            base.Remove(loop, claim);
    }

    public override bool IsSaved(MemoryInstance instance, StoreBatch batch) =>
        defect is not StoreDefect.BatchNumberIsIgnored && base.IsSaved(instance, batch);

    public override StoredLoop Merge(StoredLoop stored, LoopChange change)
    {
        var merged = base.Merge(stored, change);
        return defect switch
        {
            StoreDefect.PauseIsOverwritten => merged with { Pause = change.Loop.Pause },
            StoreDefect.LastSlotIsSetBack => merged with { LastSlot = change.Loop.LastSlot },
            StoreDefect.EndIsOverwritten => merged with { End = change.Loop.End, EndReason = change.Loop.EndReason },
            StoreDefect.CountsAreReplaced => merged with { Counts = change.Loop.Counts },
            _ => merged,
        };
    }

    public override StoredLoop Count(StoredLoop stored, IterationRecord record) => defect switch
    {
        StoreDefect.OutcomesAreNotCounted => stored,
        StoreDefect.EarlierOutcomeReplacesLater => base.Count(stored with { LastEnded = null }, record),
        _ => base.Count(stored, record),
    };

    public override bool AddsToTotals(HistoryEntry entry) =>
        defect is not StoreDefect.OutcomesAreNotInTotals && base.AddsToTotals(entry);

    public override bool MayForget(MemoryLoop loop, LoopChange change) => defect switch
    {
        StoreDefect.PausedKeysAreForgotten => loop.Claims.Count == 0,
        StoreDefect.ClaimedKeysAreForgotten => loop.State.Pause is null || change is { HasPauseChanged: true, Loop.Pause: null },
        _ => base.MayForget(loop, change),
    };

    public override bool IsPauseStored(TaskCommand command) =>
        (defect is not StoreDefect.PausesOfKeysAreNotStored || command.Key is null) && base.IsPauseStored(command);

    protected override StoredLoop KeepLast(StoredLoop stored, StoredLoop change) =>
        defect is StoreDefect.LastOutcomeIsCleared ? change : base.KeepLast(stored, change);

    public override bool IsSame(TaskCommand one, TaskCommand other) =>
        defect is not StoreDefect.CommandsAreAddedBlindly && base.IsSame(one, other);

    public override bool MayTake(MemoryCommand command, Guid instance) =>
        defect is StoreDefect.CommandsAreTakenByAll || base.MayTake(command, instance);

    public override long NextNumber(long last, IReadOnlyList<MemoryCommand> commands) =>
        defect is StoreDefect.NumbersAreReused
            ? commands.Select(row => row.Command.Number).DefaultIfEmpty().Max() + 1
            : base.NextNumber(last, commands);

    public override TaskChange? ToChange(MemoryTask task, TaskCommand command) => defect switch
    {
        StoreDefect.ChangesAreNotStored => null,
        StoreDefect.ChangesAreMerged when command.Options is null => new() { Options = "{}", Since = command.Sent },
        StoreDefect.FingerprintIsLost when base.ToChange(task, command) is { } change => change with { Fingerprint = null },
        _ => base.ToChange(task, command),
    };

    public override bool NeedsHost(TaskCommand command) =>
        defect is not StoreDefect.UnseenChangesAreStored && base.NeedsHost(command);

    public override bool Replaces(MemoryCommand later, MemoryCommand row) =>
        defect is not StoreDefect.LateChangesReplaceLater && base.Replaces(later, row);

    public override bool MayErase(MemoryCommand command) =>
        defect is StoreDefect.ErasureIsErased || base.MayErase(command);

    public override bool MayEraseKey(MemoryCommand command, DateTimeOffset now) =>
        defect is not StoreDefect.ErasedKeysStay && base.MayEraseKey(command, now);

    public override bool AcceptsUnknownTask => defect is StoreDefect.CommandsForUnknownTasksAreAccepted;

    public override bool MayComplete(MemoryCommand command, TaskCommandResult result) =>
        defect is StoreDefect.AnyHostCompletesCommands || base.MayComplete(command, result);

    public override void EndLost(MemoryCommand command, TaskCommandResult result)
    {
        if (defect is not StoreDefect.LostHostsKeepTheirCommands)
            base.EndLost(command, result);
    }

    public override void AddResult(MemoryCommand command, TaskCommandResult result)
    {
        if (defect is StoreDefect.LaterResultsReplaceTheFirst)
            command.Results[result.Instance] = result;
        else if (defect is not StoreDefect.OneResultForAllHosts || command.Results.Count == 0)
            base.AddResult(command, result);
    }

    public override bool IsBefore(long number, long cursor) =>
        defect is StoreDefect.PagesOfTheLogOverlap ? number <= cursor : base.IsBefore(number, cursor);

    public override bool IsAfter(MemoryEntry entry, DateTimeOffset slot, long id) => defect switch
    {
        StoreDefect.EqualSlotsAreLost => entry.Entry.Record.Slot < slot,
        StoreDefect.EqualSlotsAreRepeated => entry.Entry.Record.Slot <= slot,
        _ => base.IsAfter(entry, slot, id),
    };

    public override IEnumerable<HistoryEntry> LatestOf(IEnumerable<HistoryEntry> latest, int count) =>
        defect is StoreDefect.LatestAreOfAllTasks
            ? latest.OrderByDescending(entry => entry.Record.Slot).Take(count)
            : base.LatestOf(latest, count);

    public override bool MayDelete(MemoryInstance instance, bool hasClaims) =>
        defect is StoreDefect.InstancesAreDeletedWithTheirClaims || base.MayDelete(instance, hasClaims);

    public override bool MaySample(MemoryInstance instance) =>
        defect is StoreDefect.LostHostsAddSamples || base.MaySample(instance);

    public override bool ReplacesSample(InstanceSample kept, InstanceSample sample) =>
        defect is StoreDefect.LastSampleOfAMinuteIsKept || base.ReplacesSample(kept, sample);

    public override TimeSpan SampleRetention(StoreRetention retention) =>
        defect is StoreDefect.SamplesAreKeptLikeSuccesses ? retention.Successes : base.SampleRetention(retention);

    public override bool IsRecent(HistoryGap gap, DateTimeOffset since) =>
        defect is StoreDefect.OldGapsAreRead || base.IsRecent(gap, since);
}
