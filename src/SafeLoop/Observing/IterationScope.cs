using System.Collections;

namespace SafeLoop;

/// <summary>
/// The log scope of an iteration: its task, its slot and, where it has them, its number and its key.
/// </summary>
/// <remarks>
/// A struct, so that it has no cost when no log uses scopes. Immutable, because some logs read it only when they send.
/// </remarks>
/// <param name="task">The name of the task.</param>
/// <param name="keyed">The loop of a key; null for an ordinary task.</param>
/// <param name="iteration">The number of the iteration; 0: none has started for the slot.</param>
/// <param name="slot">The slot.</param>
internal readonly struct IterationScope(string task, IKeyed? keyed, long iteration, DateTimeOffset slot)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 2 + (iteration > 0 ? 1 : 0) + (keyed is null ? 0 : 1);

    public KeyValuePair<string, object?> this[int index] => (iteration > 0 ? index : index + (index > 0 ? 1 : 0)) switch
    {
        0 => new("Task", task),
        1 => new("Iteration", iteration),
        2 => new("Slot", slot),
        3 when keyed is not null => new("Key", LoopName.FormatKey(keyed.Key)),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var n = 0; n < Count; n++)
            yield return this[n];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(
        ", ", this.Select(field => $"{field.Key}:{(field.Value is DateTimeOffset at ? at.ToString("O") : field.Value)}"));
}
