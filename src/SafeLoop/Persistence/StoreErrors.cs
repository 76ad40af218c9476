using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>
/// Distinguishes exceptions of the store from our own of the same type. Their messages may name servers and users, so the
/// dashboard does not show them.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal static class StoreErrors
{
    private static readonly ConditionalWeakTable<Exception, object> Known = [];

    private static readonly object Mark = new();

    /// <summary>True when the store has thrown it.</summary>
    public static bool Contains(Exception error) => Known.TryGetValue(error, out _);

    /// <summary>Remembers that the store has thrown it, for as long as the exception lives.</summary>
    public static void Add(Exception error) => Known.AddOrUpdate(error, Mark);
}
