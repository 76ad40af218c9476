namespace SafeLoop;

/// <summary>Carries an exception from the owner of a loop to the host that has requested an operation.</summary>
internal static class MemberFault
{
    /// <summary>Describes an exception in a reply.</summary>
    public static MemberReply ToReply(Exception error) => new()
    {
        Kind = MemberReplyKind.Failed,
        FaultType = error switch
        {
            KeyNotFoundException => "KeyNotFound",
            ArgumentException => "Argument",
            TimeoutException => "Timeout",
            _ => "InvalidOperation",
        },
        // Of an exception that is none of SafeLoop's sentences, the type matters.
        Message = error is KeyNotFoundException or ArgumentException or TimeoutException or InvalidOperationException
            ? error.Message
            : $"{error.GetType().FullName}: {error.Message}",
    };

    /// <summary>Creates an exception of the type and with the message that the owner has thrown.</summary>
    public static Exception ToException(MemberReply reply) => reply.FaultType switch
    {
        "KeyNotFound" => new KeyNotFoundException(reply.Message),
        "Argument" => new ArgumentException(reply.Message),
        "Timeout" => new TimeoutException(reply.Message),
        _ => new InvalidOperationException(reply.Message),
    };
}
