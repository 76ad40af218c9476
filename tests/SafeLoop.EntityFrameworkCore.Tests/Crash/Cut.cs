namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A point of a process at which it is cut off from the database.</summary>
/// <param name="Replica">The number of the replica, from 0.</param>
/// <param name="Life">Which of the processes of this replica, from 1.</param>
/// <param name="Point">The point, counted from 1.</param>
/// <param name="Kind">What happens there.</param>
internal readonly record struct Cut(int Replica, int Life, int Point, CutKind Kind);
