namespace SafeLoop;

/// <summary>Distinguishes exceptions that only cancellation caused from exceptions with another cause.</summary>
internal static class Cancellation
{
    // Real exception chains are shorter. The limit stops the search in a cyclic chain.
    private const int MaxDepth = 100;

    /// <summary>True when the exception is a cancellation, or an aggregate of cancellations only.</summary>
    public static bool IsCancellation(Exception? error) =>
        error is OperationCanceledException || (error is AggregateException && IsCauseOf(error));

    /// <summary>
    /// True when cancellation is the only cause: the exception is a cancellation, wraps one, or aggregates only such
    /// exceptions.
    /// </summary>
    public static bool IsCauseOf(Exception? error) => IsCauseOf(error, MaxDepth);

    /// <summary>True when the token was cancelled and that is the only cause of the exception.</summary>
    public static bool IsCausedBy(Exception error, CancellationToken token) => token.IsCancellationRequested && IsCauseOf(error);

    private static bool IsCauseOf(Exception? error, int depth) => error switch
    {
        OperationCanceledException => true,
        null => false,
        _ when depth == 0 => false,
        AggregateException all => all.InnerExceptions.Count > 0 && all.InnerExceptions.All(inner => IsCauseOf(inner, depth - 1)),
        _ => IsCauseOf(error.InnerException, depth - 1),
    };
}
