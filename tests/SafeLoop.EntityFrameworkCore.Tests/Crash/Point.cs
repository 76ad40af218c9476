namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A point at which a process talks to the database.</summary>
/// <param name="Call">The method of the store, or "step".</param>
/// <param name="Kind">Where in it.</param>
internal readonly record struct Point(string Call, PointKind Kind);
