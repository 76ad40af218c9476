using System.Collections;

namespace SafeLoop;

/// <summary>The log scope of a step: its task, the number of its iteration and, if there is one, its key.</summary>
/// <remarks>
/// A struct, so that it has no cost when no log uses scopes. Immutable, because some logs read it only when they send.
/// </remarks>
internal readonly struct IterationScope(string task, IKeyed? keyed, long iteration) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => keyed is null ? 2 : 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Task", task),
        1 => new("Iteration", iteration),
        2 when keyed is not null => new("Key", LoopName.FormatKey(keyed.Key)),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var n = 0; n < Count; n++)
            yield return this[n];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", this.Select(field => $"{field.Key}:{field.Value}"));
}
