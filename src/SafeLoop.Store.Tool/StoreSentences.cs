using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>What a store knows of a schedule, and what it cannot know, as sentences.</summary>
internal static class StoreSentences
{
    public static string NoTask(string name, IEnumerable<StoredLoop> tasks) =>
        $"There is no recurring task named '{Printable.Escape(name)}' in the store"
        + DidYouMean.End(DidYouMean.Ask(name, tasks.Select(task => task.TaskName)));

    /// <summary>Why the slots are not sure, or not known.</summary>
    public static string AboutSlots(StoredLoop task, StoredSchedule? schedule) => schedule switch
    {
        { Cron: not null } => StoredSchedule.Missing,
        { Interval: not null } =>
            $"The store has the interval ({task.Schedule}), but not when a slot counts from, so it cannot know the next one. Ask "
            + "the application (safeloop --url).",
        _ => $"The store cannot know the next slots of this schedule ({task.Schedule ?? "none is stored"}). Ask the application "
            + "(safeloop --url).",
    };

    /// <summary>Why a question about a slot needs a key, or must not have one; null: nothing is wrong.</summary>
    public static string? FindMistake(string task, string? key, bool isKeyed) => (isKeyed, key) switch
    {
        (true, null) => $"Recurring task '{Printable.Escape(task)}' has a loop per key. Give --key, or read the history of all "
            + "keys with 'history'.",
        (false, not null) =>
            $"Recurring task '{Printable.Escape(task)}' has no keys. Leave --key '{Printable.Escape(key)}' out.",
        _ => null,
    };
}
