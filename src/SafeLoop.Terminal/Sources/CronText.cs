namespace SafeLoop.Terminal;

/// <summary>Reads cron expressions of the command line.</summary>
internal static class CronText
{
    /// <summary>Reads an expression and a zone.</summary>
    /// <exception cref="ToolException">One of them cannot be read.</exception>
    public static CronSchedule Parse(string expression, string? zone)
    {
        try
        {
            return CronSchedule.Parse(expression, zone);
        }
        catch (FormatException error)
        {
            throw new ToolException(TaskExitCode.Usage, Printable.Escape(error.Message, Printable.LongestText), error);
        }
    }
}
