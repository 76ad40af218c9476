namespace SafeLoop.Dashboard;

/// <summary>What has changed since the event before.</summary>
/// <param name="Number">Its place in the order of events.</param>
/// <param name="Kind">The name of the event: tasks or commands.</param>
/// <param name="Names">The names of the tasks or the ids of the commands; null: too many to list.</param>
internal sealed record ChangeEvent(long Number, string Kind, IReadOnlyList<string>? Names)
{
    public const string Tasks = "tasks", Commands = "commands";
}
