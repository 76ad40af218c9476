namespace SafeLoop.EntityFrameworkCore;

/// <summary>A task that this host knows.</summary>
/// <param name="Id">The id of its row.</param>
/// <param name="Name">Its name as this host writes it.</param>
/// <param name="Schedule">Its schedule in this host; null: this host has not loaded it.</param>
internal sealed record StoredTaskInfo(int Id, string Name, string? Schedule);
