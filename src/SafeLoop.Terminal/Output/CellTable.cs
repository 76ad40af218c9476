namespace SafeLoop.Terminal;

/// <summary>Columns under their heads. A column without any text is left out.</summary>
internal static class CellTable
{
    private const int LongestCell = 300;

    public static void Write(Screen screen, string[] heads, IReadOnlyList<string[]> rows)
    {
        var cells = rows.Select(row => row.Select(cell => Printable.Escape(cell, LongestCell)).ToArray()).ToArray();
        var columns = Enumerable.Range(0, heads.Length).Where(column => cells.Any(row => row[column].Length > 0)).ToArray();
        var widths = columns.ToDictionary(
            column => column, column => Math.Max(heads[column].Length, cells.Max(row => row[column].Length)));
        foreach (var line in cells.Prepend(heads))
            screen.Line(string.Join("  ", columns.Select(column => line[column].PadRight(widths[column]))).TrimEnd());
    }
}
