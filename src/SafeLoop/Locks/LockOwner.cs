namespace SafeLoop;

/// <summary>
/// The owner of a lock: a task. Tasks with the same lock exclude each other; iterations of one task are the same owner.
/// </summary>
/// <param name="Task">The task's name.</param>
/// <param name="Lock">The lock's name; for a keyed task, the name of the key's own lock.</param>
internal readonly record struct LockOwner(string Task, string Lock);
