using System.Globalization;

namespace SafeLoop;

/// <summary>Formats the key of a loop for logs, health, traces and events.</summary>
internal static class LoopName
{
    /// <summary>
    /// The exact text of a key, which identifies it; unlike that of logs it is not cut. Throws what the key throws.
    /// </summary>
    public static string? ReadKey(object key) =>
        key is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : key.ToString();

    /// <summary>
    /// The exact text of a key, by which a store and queries find it; where it cannot be read, that of logs. Never throws.
    /// </summary>
    public static string IdentifyKey(object key) =>
        KeyText.TryRead(key, out var text, out _) ? text : FormatKey(key);

    /// <summary>Formats the key alone, as one line of at most 200 characters.</summary>
    /// <remarks>The key's <c>ToString</c> is user code and may throw. Its text may come from untrusted data.</remarks>
    public static string FormatKey(object key)
    {
        try
        {
            return Printable.Escape(FormattableString.Invariant($"{key}"));
        }
        catch (Exception error) // ToString is user code, and the line that names the key must be written even when it throws
        {
            return $"a key whose ToString throws {error.GetType().Name}";
        }
    }
}
