namespace SafeLoop;

/// <summary>A loop as logs, health and events name it: its task, and its key, if it has one.</summary>
internal static class LoopName
{
    public static string Of(string task, IKeyed? keyed) => keyed is null ? task : $"{task}[{OfKey(keyed.Key)}]";

    /// <summary>The key alone, as one line of bounded length. Its <c>ToString</c> is a user's code; its content may be anyone's.</summary>
    public static string OfKey(object key)
    {
        try
        {
            return Printable.Of(FormattableString.Invariant($"{key}"));
        }
        catch (Exception error) // the user's code: the line that names the key must be written nevertheless
        {
            return $"a key whose ToString throws {error.GetType().Name}";
        }
    }}
