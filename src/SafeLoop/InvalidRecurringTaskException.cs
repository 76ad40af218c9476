namespace SafeLoop;

/// <summary>A recurring task cannot be run as it was defined. The message has one sentence per problem: all of them, not only the first.</summary>
public sealed class InvalidRecurringTaskException : Exception
{
    internal InvalidRecurringTaskException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>What is wrong: the task, the setting, the value, what to change.</summary>
    public IReadOnlyList<string> Problems { get; }
}
