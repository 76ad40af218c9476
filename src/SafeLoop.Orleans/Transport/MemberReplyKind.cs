namespace SafeLoop;

/// <summary>What became of a request. The numbers are on the wire and never change.</summary>
internal enum MemberReplyKind
{
    /// <summary>The host does not know the operation, because it has an older version.</summary>
    Unknown = 0,

    /// <summary>It was executed.</summary>
    Done = 1,

    /// <summary>It was not executed: the host does not own the loop, or not yet.</summary>
    NotHere = 2,

    /// <summary>It threw an exception.</summary>
    Failed = 3,

    /// <summary>The run goes on. Ask again with <see cref="MemberOperation.Await"/>.</summary>
    Pending = 4,
}
