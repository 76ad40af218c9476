namespace SafeLoop.Tool;

/// <summary>Columns under their heads: numbers to the right, words to the left.</summary>
internal static class Table
{
    public static void Write(TextWriter output, string[] heads, IEnumerable<string[]> rows, int rightAligned)
    {
        string[][] lines = [heads, .. rows];
        var widths = Enumerable.Range(0, heads.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            var cells = line.Select((cell, column) => column < rightAligned
                ? cell.PadLeft(widths[column])
                : cell.PadRight(widths[column]));
            output.WriteLine(("  " + string.Join("  ", cells)).TrimEnd());
        }
    }
}
