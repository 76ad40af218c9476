namespace SafeLoop;

/// <summary>Formats an exception for records and JSON: its type and message, at most 1,000 characters.</summary>
internal static class ErrorText
{
    private const int Longest = 1000, LongestDetails = 8000;

    /// <summary>Formats an exception; null for null.</summary>
    public static string? Format(Exception? error)
    {
        if (error is null)
            return null;
        var text = $"{error.GetType().Name}: {ReadMessage(error)}";
        return text.Length <= Longest ? text : text[..Longest];
    }

    /// <summary>The exception with its stack trace, cut after 8,000 characters.</summary>
    public static string ReadDetails(Exception error)
    {
        try
        {
            var text = error.ToString();
            return text.Length <= LongestDetails ? text : text[..LongestDetails];
        }
        catch (Exception unspeakable) // reading the text calls user code, which may throw
        {
            return $"{error.GetType()}: its text cannot be read ({unspeakable.GetType().Name})";
        }
    }

    /// <summary>Reads the message of an exception, which is user code and may throw.</summary>
    public static string? ReadMessage(Exception? error)
    {
        try
        {
            return error?.Message;
        }
        catch (Exception unspeakable) // reading the message calls user code, which may throw
        {
            return $"its message cannot be read ({unspeakable.GetType().Name})";
        }
    }
}
