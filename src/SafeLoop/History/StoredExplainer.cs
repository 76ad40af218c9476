namespace SafeLoop;

/// <summary>Explains an instant of a task or a key that this host does not have, from entries alone.</summary>
internal static class StoredExplainer
{
    public static SlotExplanation Explain(
        string task, string? key, NearbyEntries near, DateTimeOffset instant, bool isKeyUnknown, string? note)
    {
        var subject = SubjectText.Format(task, key);
        var time = TimeText.For(null);
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
