using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SafeLoop;

/// <summary>The place of a record in the history in memory, which is a cursor when it is written as text.</summary>
/// <param name="Slot">The slot, as UTC ticks.</param>
/// <param name="Started">When it started or was skipped, as UTC ticks.</param>
/// <param name="Number">The number of the iteration.</param>
/// <param name="Task">The name of the task.</param>
/// <param name="Key">The text of the key; empty: none.</param>
internal readonly record struct HistoryPosition(long Slot, long Started, long Number, string Task, string Key)
    : IComparable<HistoryPosition>
{
    private const int Parts = 6;
    private const int MostAlike = 10_000; // as many records as a loop keeps at most

    public static bool operator <(HistoryPosition one, HistoryPosition other) => one.CompareTo(other) < 0;

    public static bool operator >(HistoryPosition one, HistoryPosition other) => one.CompareTo(other) > 0;

    public static bool operator <=(HistoryPosition one, HistoryPosition other) => one.CompareTo(other) <= 0;

    public static bool operator >=(HistoryPosition one, HistoryPosition other) => one.CompareTo(other) >= 0;

    /// <summary>Orders from the oldest to the newest; at the same time, by task and key.</summary>
    public int CompareTo(HistoryPosition other)
    {
        var order = (Slot, Started).CompareTo((other.Slot, other.Started));
        if (order == 0)
            order = string.Compare(other.Task, Task, StringComparison.OrdinalIgnoreCase);
        if (order == 0)
            order = string.CompareOrdinal(other.Key, Key);
        return order == 0 ? Number.CompareTo(other.Number) : order;
    }

    /// <param name="same">How many records at this very position were returned already.</param>
    public string ToCursor(int same) => string.Create(
        CultureInfo.InvariantCulture, $"{Slot}.{Started}.{Number}.{same}.{Encode(Task)}.{Encode(Key)}");

    /// <summary>Reads a cursor.</summary>
    /// <returns>False when the text is not one.</returns>
    public static bool TryParse(string cursor, out HistoryPosition position, out int same)
    {
        (position, same) = (default, 0);
        if (cursor.Split('.', Parts + 1) is not { Length: Parts } parts)
            return false;
        if (!TryRead(parts[0], out var slot) || !TryRead(parts[1], out var started) || !TryRead(parts[2], out var number)
            || !TryRead(parts[3], out var count) || count is < 1 or > MostAlike
            || Decode(parts[4]) is not { } task || Decode(parts[5]) is not { } key)
            return false;
        (position, same) = (new(slot, started, number, task, key), (int)count);
        return true;
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        var status = Base64Url.DecodeFromChars(text, bytes, out _, out var length);
        return status is OperationStatus.Done ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
