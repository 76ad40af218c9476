namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What happens to a process at a point at which it talks to the database.</summary>
public enum CutKind
{
    /// <summary>It is killed: it never reaches the database again.</summary>
    Kill,

    /// <summary>The statement fails, or its answer is lost, and the process lives on.</summary>
    LoseAnswer,
}
