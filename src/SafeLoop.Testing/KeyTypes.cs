namespace SafeLoop.Testing;

/// <summary>Refuses keys that no loop can have, because a test with such a key cannot fail.</summary>
internal static class KeyTypes
{
    /// <exception cref="ArgumentException">The task has no keys, or keys of another type.</exception>
    public static void Expect(RecurringTasks tasks, string? task, object? key)
    {
        if (key is null || (task is not null && tasks.Find(task) is null))
            return; // a task that is not there, or no longer, is reported elsewhere
        KeyedLoops[] possible =
            [.. tasks.All.OfType<KeyedLoops>()
                .Where(loops => task is null || string.Equals(loops.Name, task, StringComparison.OrdinalIgnoreCase))];
        if (possible.Any(loops => loops.KeyType.IsInstanceOfType(key)))
            return;
        throw new ArgumentException((task, possible) switch
        {
            (null, _) => $"No recurring task has keys of type {key.GetType().Name}, as the key '{key}' is.",
            (_, [var loops]) => $"Recurring task '{loops.Name}' has keys of type {loops.KeyType.Name}, "
                + $"and the key '{key}' is a {key.GetType().Name}.",
            _ => $"Recurring task '{task}' has no keys, so it has no key '{key}'.",
        });
    }
}
