namespace SafeLoop;

/// <summary>Who asks for a lock. Tasks that share one exclude each other; iterations of one task do not count as somebody else.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Lock">The lock's name; of a keyed task, each key has one of its own.</param>
internal readonly record struct LockOwner(string Task, string Lock);
