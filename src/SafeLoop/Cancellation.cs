namespace SafeLoop;

/// <summary>Distinguishes exceptions that only say "cancelled" from those that say more.</summary>
internal static class Cancellation
{
    // Deeper than anything wraps by accident; a chain without end is not followed for ever.
    private const int Deepest = 100;

    /// <summary>Whether the exception is a cancellation, or several in one.</summary>
    public static bool Is(Exception? error) =>
        error is OperationCanceledException || (error is AggregateException && IsCauseOf(error));

    /// <summary>Whether nothing but a cancellation is behind it: it is one, it wraps one, or it aggregates only such.</summary>
    public static bool IsCauseOf(Exception? error) => IsCauseOf(error, Deepest);

    /// <summary>Whether the token was cancelled, and the exception says nothing else.</summary>
    public static bool Explains(Exception error, CancellationToken token) => token.IsCancellationRequested && IsCauseOf(error);

    private static bool IsCauseOf(Exception? error, int depth) => error switch
    {
        OperationCanceledException => true,
        null => false,
        _ when depth == 0 => false,
        AggregateException all => all.InnerExceptions.Count > 0 && all.InnerExceptions.All(inner => IsCauseOf(inner, depth - 1)),
        _ => IsCauseOf(error.InnerException, depth - 1),
    };
}
