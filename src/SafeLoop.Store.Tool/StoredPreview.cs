using SafeLoop.Dashboard;
using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>Compares a new schedule with the one that the store has.</summary>
internal sealed class StoredPreview(TimeProvider time)
{
    public SchedulePreview Preview(StoredLoop task, string? cron, TimeSpan? every, string? zone)
    {
        var before = StoredSchedule.Read(task.Schedule)?.Cron;
        if (cron is null && every is null)
            cron = before?.Expression ?? throw new ToolException(TaskExitCode.Usage,
                $"The store has no cron schedule of '{Printable.Escape(task.TaskName)}' whose zone could be changed "
                + $"({Printable.Escape(task.Schedule ?? "none")}). Give --cron or --every.");
        var preview = new CronPreview(time).Preview(cron, every, zone ?? (cron is null ? null : before?.Zone)) with
        {
            ScheduleBefore = task.Schedule,
        };
        preview = preview with { Notes = [.. preview.Notes, StoredSchedule.Missing] };
        if (before is null || cron is null)
            return preview with
            {
                Notes =
                [
                    .. preview.Notes,
                    "Only two cron schedules can be compared through a store; ask the application for others.",
                ],
            };
        var after = CronSlots.Parse(cron, zone ?? before.Zone);
        return SlotComparison.Compare(
            PreviewReader.Within(CronSlots.After(before, preview.From, PreviewReader.MostSlots), preview.To),
            CronSlots.After(after, preview.From, PreviewReader.MostSlots), PreviewReader.MostSlots, preview);
    }
}
