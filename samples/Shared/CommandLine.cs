using System.Globalization;

namespace Samples;

/// <summary>
/// The options of a command line as <c>--name VALUE</c> pairs (<c>--name=VALUE</c> is the same), or the first problem in it.
/// </summary>
internal sealed class CommandLine
{
    private const string Help = "--help";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);

    private CommandLine(string? problem) => Problem = problem;

    public string? Problem { get; private set; }
    public bool WantsHelp { get; private set; }

    /// <param name="args">What the user typed.</param>
    /// <param name="names">The options that take a value. <c>--help</c> is always known.</param>
    public static CommandLine Parse(IReadOnlyList<string> args, params string[] names) => Parse(args, flags: [], names);

    /// <param name="args">What the user typed.</param>
    /// <param name="flags">The options that take none.</param>
    /// <param name="names">The options that take a value. <c>--help</c> is always known.</param>
    public static CommandLine Parse(IReadOnlyList<string> args, string[] flags, string[] names)
    {
        var line = new CommandLine(problem: null);
        for (var i = 0; i < args.Count && line.Problem is null; i++)
        {
            var (name, value) = Split(args[i]);
            if (name is Help or "-h")
                line.WantsHelp = true;
            else if (flags.Contains(args[i]))
                line._flags.Add(args[i]);
            else if (!names.Contains(name))
                line.Problem = Unknown(name, [.. flags, .. names]);
            else if (value is null && (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
                line.Problem = $"{name} needs a value.";
            else if (!line._values.TryAdd(name, value ?? args[++i]))
                line.Problem = $"{name} is given twice. Give it once.";
        }

        return line;
    }

    public bool Has(string flag) => _flags.Contains(flag);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>
    /// A whole number from 1 to <paramref name="max"/>; null when the option is absent or wrong
    /// (then <see cref="Problem"/> says so).
    /// </summary>
    public int? Number(string name, int max)
    {
        if (!_values.TryGetValue(name, out var text))
            return null;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;

        Problem ??=
            string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}', but it must be a whole number from 1 to {max}.");
        return null;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.StartsWith("--", StringComparison.Ordinal) && equals > 0
            ? (argument[..equals], argument[(equals + 1)..])
            : (argument, null);
    }

    private static string Unknown(string name, string[] names)
    {
        var meant = ClosestWord.To(name, [.. names, Help]);
        return $"'{name}' is not an option." + (meant is null ? "" : $" Did you mean {meant}?");
    }
}
