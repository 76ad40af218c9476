namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A pause that the store has confirmed. Times are in microseconds, by the clock that all processes share.</summary>
/// <param name="Task">The task.</param>
/// <param name="Command">The command.</param>
/// <param name="From">When the store had confirmed it.</param>
/// <param name="To">When the resumption was sent.</param>
internal sealed record CrashPause(string Task, Guid Command, long From, long To);
