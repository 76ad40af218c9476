namespace SafeLoop;

/// <summary>Options that cannot be changed while hosts are running.</summary>
internal static class FixedOptions
{
    /// <summary>Throws if a change at run time would change one of them.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="before">The options before the change.</param>
    /// <param name="options">The changed options.</param>
    /// <exception cref="InvalidRecurringTaskException">The change would change one of them.</exception>
    public static void ThrowIfChanged(string task, RecurringTaskOptions before, RecurringTaskOptions options)
    {
        if (options.Unreadable.Count > 0)
            return; // the caller reports the value that cannot be read
        if ((before.SurviveRestarts is null) != (options.SurviveRestarts is null))
            throw Refuse(task, "SurviveRestarts cannot be added or removed", "a slot could run twice");
        if (before.InCluster != options.InCluster)
            throw Refuse(task, "InCluster cannot be changed", "a loop could run on two hosts");
    }

    private static InvalidRecurringTaskException Refuse(string task, string what, string risk) => new(
    [
        OptionsProblems.Sentence(
            task,
            $"{what} while hosts are running: {risk}, because hosts read the change one after the other. "
                + "Change it in code or configuration, and start the hosts again"),
    ]);
}
