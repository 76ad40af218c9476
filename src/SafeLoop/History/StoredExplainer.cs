namespace SafeLoop;

/// <summary>Explains an instant of a task or a key that this host does not have, from entries alone.</summary>
internal static class StoredExplainer
{
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The text of the key; null: none.</param>
    /// <param name="near">The entries around the instant.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="isKeyUnknown">True when this host has the task, but not the key.</param>
    /// <param name="note">What is missing in the answer; null: nothing.</param>
    /// <param name="time">Writes instants; null: in UTC, because the zone of the task is not known.</param>
    public static SlotExplanation Explain(
        string task, string? key, NearbyEntries near, DateTimeOffset instant, bool isKeyUnknown, string? note,
        TimeText? time = null)
    {
        var subject = SubjectText.Format(task, key);
        time ??= TimeText.For(null);
        var (entries, absence) = (new EntryText(subject, time, null, null), new AbsenceText(subject, time.At(instant), time));
        var (finding, text) = near switch
        {
            { At: { } entry } => (SlotFinding.Recorded, entries.Describe(entry, instant, near)),
            { Around: { } around } => (SlotFinding.AmongRecorded, entries.DescribeAmong(around, instant)),
            { IsEmpty: true } when isKeyUnknown => (SlotFinding.NoSuchKey, absence.NoSuchKey()),
            _ => (SlotFinding.ScheduleUnknown, absence.OnlyStored()),
        };
        var (before, after) = Neighbours.FromStored(near);
        var answer = new SlotExplanation
        {
            TaskName = task,
            Key = key,
            Instant = instant,
            Text = $"{text}{(note is null ? "" : $"; {note}")}.",
            Finding = finding,
            SlotBefore = before.ToNullable(),
            SlotAfter = after.IsNever ? null : after.ToNullable(),
        };
        return (near.At ?? near.Around) is { } known ? EntryEvidence.AddTo(answer, known, near) : answer;
    }
}
