namespace SafeLoop;

/// <summary>
/// Reports which tasks are disabled and why: one line for each reason, at start and when a reload changes it.
/// </summary>
internal sealed class DisabledTasks(IRecurringTasks tasks, Action<string> write)
{
    private const int MostNames = 10;

    private string[] _reported = [];

    /// <summary>Writes what has changed since the last call.</summary>
    public void Report()
    {
        var lines = Describe(tasks);
        foreach (var line in lines.Except(_reported))
            write(line);
        if (lines.Length == 0 && _reported.Length > 0)
            write("No recurring task is disabled any more.");
        _reported = lines;
    }

    public static string[] Describe(IRecurringTasks tasks) =>
    [
        .. tasks.All
            .Where(task => task.State is not RecurringTaskState.Ended)
            .GroupBy(task => task.Options.WhyDisabled, task => $"'{task.Name}'")
            .Where(disabled => disabled.Key is not null)
            .Select(disabled => $"{disabled.Key!.TrimEnd('.')}, so slots are skipped: {List([.. disabled])}."),
    ];

    private static string List(string[] names) => names.Length <= MostNames
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more";
}
