using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests;

internal sealed record LogLine(LogLevel Level, int Id, string Text, Exception? Exception)
{
    /// <summary>The name of the event.</summary>
    public string? Name { get; init; }

    /// <summary>The structured fields, in order, without the template.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; init; } = [];

    /// <summary>The message template, from which structured logs render the text.</summary>
    public string? Template { get; init; }

    /// <summary>The value of a field; null when the line does not have it.</summary>
    public object? Field(string name) => Fields.FirstOrDefault(field => field.Key == name).Value;
}
