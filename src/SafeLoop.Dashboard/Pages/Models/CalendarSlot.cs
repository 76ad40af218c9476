namespace SafeLoop.Dashboard;

/// <summary>A slot to come.</summary>
/// <param name="Task">The name of the task.</param>
/// <param name="Slot">When, and how daylight saving affects it.</param>
internal sealed record CalendarSlot(string Task, UpcomingSlot Slot);
