using System.Globalization;

namespace SafeLoop;

/// <summary>
/// What all queries that are answered in pages have in common. Each exception is about the argument <c>query</c>.
/// </summary>
internal static class PageRules
{
    /// <exception cref="ArgumentException">The size is out of range.</exception>
    public static void CheckSize(int size, int most)
    {
        if (size < 1 || size > most)
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"PageSize must be 1 to {most:N0}; it is {size}. Set it within this range and read more by Cursor."),
                "query");
    }

    public static string FormatCursor(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a cursor that is a number.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="pages">What the pages have, for the sentence.</param>
    /// <param name="most">The greatest number.</param>
    /// <exception cref="ArgumentException">It is no such number.</exception>
    public static long ReadCursor(string cursor, string pages, long most = long.MaxValue) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new ArgumentException(
                $"The cursor is not one of a page of {pages}. Pass the Cursor of the page before, or null for the first page.",
                "query");
}
