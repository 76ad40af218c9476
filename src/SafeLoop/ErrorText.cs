namespace SafeLoop;

/// <summary>An exception in a line of a record: its type and message, of bounded length.</summary>
internal static class ErrorText
{
    private const int Longest = 1000;

    public static string? Of(Exception? error)
    {
        if (error is null)
            return null;
        var text = $"{error.GetType().Name}: {MessageOf(error)}";
        return text.Length <= Longest ? text : text[..Longest];
    }

    public static string? MessageOf(Exception? error)
    {
        try
        {
            return error?.Message;
        }
        catch (Exception unspeakable) // a message is the user's code too
        {
            return $"its message cannot be read ({unspeakable.GetType().Name})";
        }
    }
}
