namespace SafeLoop;

/// <summary>One of the many loops of a keyed task.</summary>
internal interface IKeyed
{
    /// <summary>The key, boxed where it is a value: for those who look, never for the loop itself.</summary>
    object Key { get; }
}
