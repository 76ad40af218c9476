using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SafeLoop.Terminal;

/// <summary>
/// Where a verb writes. Names, keys and errors are chosen by others, so each line is escaped: no text reaches the terminal as a
/// command.
/// </summary>
internal sealed class Screen(TextWriter output, TextWriter errors, bool isJson)
{
    private const int LongestLine = 100_000;

    /// <summary>True when JSON is printed instead of text.</summary>
    public bool IsJson => isJson;

    /// <summary>Writes a line.</summary>
    public void Line(string text = "") => output.WriteLine(Printable.Escape(text, LongestLine));

    /// <summary>Writes what is not the result, beside the output.</summary>
    public void Note(string text) => errors.WriteLine(Printable.Escape(text, LongestLine));

    /// <summary>Writes a table, or a sentence when it has no rows.</summary>
    public void Table(string[] heads, IEnumerable<string[]> rows, string whenEmpty)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
            Line(whenEmpty);
        else
            CellTable.Write(this, heads, lines);
    }

    /// <summary>Writes a document.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(value, type));
}
