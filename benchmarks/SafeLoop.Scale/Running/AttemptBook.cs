using System.Text.Json;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Running;

/// <summary>
/// All runs so far; in a file too, if one was named, so that a comparison of hours can be taken up where it was interrupted.
/// </summary>
internal sealed class AttemptBook
{
    private readonly string? _path;
    private readonly List<Attempt> _attempts = [];

    private AttemptBook(string? path) => _path = path;

    public IReadOnlyList<Attempt> Attempts => _attempts;

    public static AttemptBook Open(string? path)
    {
        var book = new AttemptBook(path);
        if (File.Exists(path))
            book._attempts.AddRange(File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Attempt>(line)!));
        return book;
    }

    public bool Has(Scenario scenario, int repetition) =>
        _attempts.Any(attempt => attempt.Scenario == scenario && attempt.Repetition == repetition);

    public void Add(Attempt attempt)
    {
        _attempts.Add(attempt);
        if (_path is not null)
            File.AppendAllText(_path, JsonSerializer.Serialize(attempt) + Environment.NewLine);
    }
}
