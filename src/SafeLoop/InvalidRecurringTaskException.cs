namespace SafeLoop;

/// <summary>A recurring task cannot be run as it was defined. The message has one sentence per problem: all of them, not only the first.</summary>
public sealed class InvalidRecurringTaskException : Exception
{
    internal InvalidRecurringTaskException(IEnumerable<string> problems)
        : this([.. problems.Select(problem => Printable.Escape(problem, Printable.LongestText))])
    {
    }

    // A problem quotes names and configuration values. A line break in one of them would look like another problem.
    private InvalidRecurringTaskException(string[] lines)
        : base(string.Join(Environment.NewLine, lines)) => Problems = lines;

    /// <summary>What is wrong: the task, the setting, the value, what to change.</summary>
    public IReadOnlyList<string> Problems { get; }
}
