using SafeLoop.Dashboard;
using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>Compares a new schedule with the one that the store has.</summary>
internal sealed class StoredPreview(TimeProvider time)
{
    private const string OnlyCron =
        "Only two cron schedules can be compared through a store; ask the application for others.";

    public SchedulePreview Preview(StoredLoop task, string? cron, TimeSpan? every, string? zone)
    {
        var before = StoredSchedule.Read(task.Schedule)?.Cron;
        if (cron is null && every is null)
            cron = before?.Expression ?? throw new ToolException(TaskExitCode.Usage,
                $"The store has no cron schedule of '{Printable.Escape(task.TaskName)}' whose zone could be changed "
                + $"({Printable.Escape(task.Schedule ?? "none")}). Give --cron or --every.");
        var isComparable = before is not null && cron is not null;
        var inZone = cron is null ? zone : zone ?? before?.Zone;
        if (cron is not null)
            CronText.Parse(cron, inZone); // a zone that cannot be read is a mistake of the command line
        var preview = new PreviewReader(time).Preview(cron, every, inZone, isComparable ? before : null);
        return preview with
        {
            ScheduleBefore = task.Schedule,
            Notes =
            [
                .. preview.Notes,
                StoredSchedule.Missing,
                .. isComparable ? [] : (string[])[OnlyCron],
            ],
        };
    }
}
