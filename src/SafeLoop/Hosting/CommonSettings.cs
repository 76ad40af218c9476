using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>The settings for all tasks: <c>RecurringTasks:Enabled</c> and <c>RecurringTasks:TimeZone</c>.</summary>
/// <remarks>Applied to the options of each task after its own settings, so that a reload works the same way.</remarks>
internal sealed class CommonSettings(IConfiguration? configuration) : IPostConfigureOptions<RecurringTaskOptions>
{
    private const string Enabled = $"{OptionsFromConfiguration.Section}:{nameof(RecurringTaskOptions.Enabled)}";
    private const string Zone = $"{OptionsFromConfiguration.Section}:{nameof(RecurringTaskOptions.TimeZone)}";

    /// <summary>The zone for tasks that name none; null: UTC.</summary>
    public string? TimeZone => Read(Zone);

    /// <summary>The problem with the settings, as a sentence without its full stop; null when there is none.</summary>
    public string? Problem =>
        Read(Enabled) is { } text && !bool.TryParse(text, out _) ? $"{Enabled} '{text}' is not true or false" : null;

    /// <summary>
    /// A warning about an unknown zone; null when there is none. It is a problem only for tasks that need the zone.
    /// </summary>
    public string? Warning => CronZones.TryFind(TimeZone, out _, out var mistake) ? null : $"{Zone}: {mistake}";

    /// <summary>Replaces the problems of tasks with a common setting by one problem per setting.</summary>
    /// <param name="problems">The problems of all tasks.</param>
    public IReadOnlyList<string> Merge(IReadOnlyList<string> problems)
    {
        if (Warning is { } unknown && TasksWith(unknown, problems) is { Length: > 0 } tasks)
        {
            var sentence = $"{unknown} Or set TimeZone for each task that needs it: {string.Join(", ", tasks)}.";
            problems = [sentence, .. Without(unknown, problems)];
        }
        return Problem is { } problem ? [$"{problem}.", .. Without($"{problem}.", problems)] : problems;
    }

    private static string[] TasksWith(string sentence, IEnumerable<string> problems) =>
        [.. problems.Where(EndsWith(sentence)).Select(problem => problem["Recurring task ".Length..^EndingOf(sentence).Length])];

    private static IEnumerable<string> Without(string sentence, IEnumerable<string> problems) =>
        problems.Where(problem => !EndsWith(sentence)(problem));

    private static Func<string, bool> EndsWith(string sentence) =>
        problem => problem.EndsWith(EndingOf(sentence), StringComparison.Ordinal);

    private static string EndingOf(string sentence) => Printable.Escape($": {sentence}", Printable.LongestText);

    public void PostConfigure(string? name, RecurringTaskOptions options)
    {
        if (bool.TryParse(Read(Enabled), out var enabled))
        {
            if (!enabled)
                (options.Enabled, options.DisabledBy) = (false, Enabled);
        }
        else if (Problem is { } problem)
            options.Unreadable = [.. options.Unreadable, problem];
        options.DefaultTimeZone = TimeZone;
    }

    // Null and empty text mean "not set".
    private string? Read(string key) => configuration?[key]?.Trim() is { Length: > 0 } text ? text : null;
}
