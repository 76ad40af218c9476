namespace SafeLoop;

/// <summary>Explains an instant of a task or a key that this host does not have, from entries alone.</summary>
internal static class StoredExplainer
{
    public static SlotExplanation Explain(
        string task, string? key, NearbyEntries near, DateTimeOffset instant, bool isKeyUnknown, string? note)
    {
        var subject = key is null ? $"'{Printable.Escape(task)}'" : $"'{Printable.Escape(task)}[{Printable.Escape(key)}]'";
        var time = TimeText.For(null);
        var (entries, absence) = (new EntryText(subject, time, null), new AbsenceText(subject, time.At(instant), time));
        var text = near switch
        {
            { At: { } entry } => entries.Describe(entry, instant),
            { Around: { } around } => entries.DescribeAmong(around, instant),
            { IsEmpty: true } when isKeyUnknown => absence.NoSuchKey(),
            _ => absence.OnlyStored(),
        };
        var (before, after) = Neighbours.Of(near);
        return new()
        {
            TaskName = task,
            Key = key,
            Instant = instant,
            Text = $"{text}{(note is null ? "" : $"; {note}")}.",
            Entry = near.At ?? near.Around,
            SlotBefore = before.ToNullable(),
            SlotAfter = after.ToNullable(),
        };
    }
}
