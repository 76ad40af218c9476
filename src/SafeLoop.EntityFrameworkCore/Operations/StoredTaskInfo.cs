namespace SafeLoop.EntityFrameworkCore;

/// <summary>A task that this host knows.</summary>
/// <param name="Id">The id of its row.</param>
/// <param name="Name">Its name as this host writes it.</param>
internal sealed record StoredTaskInfo(int Id, string Name);
