namespace SafeLoop.Dashboard;

/// <summary>What a user may do to a task.</summary>
internal static class AllowedOperations
{
    /// <summary>The kinds of operations that the API has.</summary>
    public static readonly IReadOnlyList<TaskCommandKind> Kinds =
    [
        TaskCommandKind.RunNow,
        TaskCommandKind.Pause,
        TaskCommandKind.Resume,
        TaskCommandKind.Cancel,
        TaskCommandKind.Stop,
        TaskCommandKind.Start,
        TaskCommandKind.Change,
    ];

    /// <summary>Finds the operations that the user may do to a task, or to a key of it.</summary>
    public static async ValueTask<IReadOnlyList<TaskCommandKind>> FindAsync(Permissions permissions, string task, string? key)
    {
        var allowed = new List<TaskCommandKind>();
        foreach (var kind in permissions.HasOperations ? Kinds : [])
        {
            var operation = new RecurringTaskOperation { TaskName = task, Key = key, Kind = kind };
            if (await permissions.CanAsync(operation).ConfigureAwait(false))
                allowed.Add(kind);
        }
        return allowed;
    }
}
