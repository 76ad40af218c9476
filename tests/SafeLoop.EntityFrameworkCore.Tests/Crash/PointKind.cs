namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Where a process talks to the database.</summary>
internal enum PointKind
{
    Before,

    /// <summary>After a statement, whose effect the database does not keep before the commit.</summary>
    AfterStatement,

    /// <summary>After a commit, whose answer is lost.</summary>
    AfterCommit,
}
