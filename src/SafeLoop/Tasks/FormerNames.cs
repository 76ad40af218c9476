namespace SafeLoop;

/// <summary>Finds former names that cannot be taken along, because another task has them too.</summary>
internal static class FormerNames
{
    /// <returns>Each problem as a sentence.</returns>
    public static IEnumerable<string> FindProblems(IReadOnlyCollection<RecurringTask> tasks)
    {
        var names = tasks.ToDictionary(task => task.Name, StringComparer.OrdinalIgnoreCase);
        var renamed = new Dictionary<string, RecurringTask>(StringComparer.OrdinalIgnoreCase);
        foreach (var task in tasks)
        {
            if (task.Options.FormerName is not { } former)
                continue;
            if (names.TryGetValue(former, out var present) && present != task)
                yield return OptionsProblems.Sentence(task.Name, Describe(former, present.Name));
            else if (!renamed.TryAdd(former, task))
                yield return OptionsProblems.Sentence(
                    task.Name,
                    $"FormerName '{former}' is that of task '{renamed[former].Name}' too, and only one of them can take its "
                        + "state along. Remove it from the other");
        }
    }

    /// <summary>The problem of a former name that a task has now.</summary>
    public static string Describe(string former, string present) =>
        $"FormerName '{former}' is the name of a task of this host ('{present}'), whose state it would take. "
        + "Remove FormerName, or register that task no longer";
}
