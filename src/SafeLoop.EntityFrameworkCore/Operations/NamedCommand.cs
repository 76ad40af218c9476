namespace SafeLoop.EntityFrameworkCore;

/// <summary>A command with the name of its task.</summary>
internal sealed class NamedCommand
{
    public required CommandRow Row { get; init; }

    public required string Task { get; init; }
}
