namespace SafeLoop;

/// <summary>The exception for the name of a task that does not exist.</summary>
internal static class UnknownTask
{
    /// <param name="name">The name that was asked for.</param>
    /// <param name="known">The names of the tasks that exist.</param>
    /// <param name="hasStore">True: the store does not know it either.</param>
    public static KeyNotFoundException Create(string name, IEnumerable<string> known, bool hasStore) => new(
        $"There is no recurring task named '{Printable.Escape(name)}'"
        + DidYouMean.End((hasStore ? ", and none is stored" : "") + DidYouMean.Ask(name, known)));
}
