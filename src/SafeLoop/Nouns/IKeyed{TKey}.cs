namespace SafeLoop;

/// <summary>One of the many loops of a keyed task, with its key unboxed.</summary>
internal interface IKeyed<TKey> : IKeyed
    where TKey : notnull
{
    /// <summary>The key, unboxed.</summary>
    new TKey Key { get; }
}
