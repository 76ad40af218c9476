using System.Collections;

namespace SafeLoop;

/// <summary>The fields and the text of a log line about a key.</summary>
/// <param name="fields">The fields of the message; the last is its template.</param>
/// <param name="key">The text of the key.</param>
/// <param name="task">The name of the task.</param>
/// <param name="text">The text without the key.</param>
internal sealed class KeyedLine(IReadOnlyList<KeyValuePair<string, object?>> fields, string key, string task, string text)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string TaskInTemplate = "'{Task}'";

    public int Count => fields.Count + 1;

    // The template stays the last field, as loggers expect.
    public KeyValuePair<string, object?> this[int index] =>
        index < fields.Count - 1 ? fields[index]
        : index == fields.Count - 1 ? new("Key", key)
        : new(fields[^1].Key, ((string?)fields[^1].Value)?.Replace(TaskInTemplate, "'{Task}[{Key}]'", StringComparison.Ordinal));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var n = 0; n < Count; n++)
            yield return this[n];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // No field before the task can contain its quoted name, so the first occurrence is the task.
    public override string ToString()
    {
        var at = text.IndexOf($"'{task}'", StringComparison.Ordinal);
        return at < 0 ? text : text.Insert(at + 1 + task.Length, $"[{key}]");
    }
}
