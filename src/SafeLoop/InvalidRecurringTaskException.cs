namespace SafeLoop;

/// <summary>
/// Thrown when the definition of a recurring task, or the registration of the store or of the cluster, is invalid. The message
/// lists all problems, one sentence each.
/// </summary>
public sealed class InvalidRecurringTaskException : Exception
{
    internal InvalidRecurringTaskException(IEnumerable<string> problems)
        : this([.. problems.Select(problem => Printable.Escape(problem, Printable.LongestText))])
    {
    }

    // A problem quotes names and configuration values. A line break in a quoted value would look like another problem.
    private InvalidRecurringTaskException(string[] lines)
        : base(string.Join(Environment.NewLine, lines)) => Problems = lines;

    /// <summary>The problems. Each names the task or the store, the setting, the value, and what to change.</summary>
    public IReadOnlyList<string> Problems { get; }
}
