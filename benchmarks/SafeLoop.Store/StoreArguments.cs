using System.Globalization;

namespace SafeLoop.Store;

/// <summary>The numbers of a command line, each after its name.</summary>
internal sealed class StoreArguments
{
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);

    public StoreArguments(string[] arguments)
    {
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is not [['-', '-', .. var name], var text]
                || !int.TryParse(text, CultureInfo.InvariantCulture, out var value) || value < 1)
                throw new ArgumentException($"'{string.Join(' ', pair)}' is no option with a number of at least 1. Use --help.");
            _values[name] = value;
        }
    }

    public int Get(string name, int otherwise) => _values.GetValueOrDefault(name, otherwise);

    public TimeSpan Seconds(int otherwise) => TimeSpan.FromSeconds(Get("seconds", otherwise));
}
