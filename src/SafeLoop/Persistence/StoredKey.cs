namespace SafeLoop;

/// <summary>What the store has of a key.</summary>
/// <param name="Text">The text of the key in the store.</param>
/// <param name="HasRow">True when the store has its pause, failures or end.</param>
/// <param name="HasEnd">True when its loop has ended.</param>
internal readonly record struct StoredKey(string Text, bool HasRow, bool HasEnd);
