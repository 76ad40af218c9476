using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>What is set for all tasks: <c>RecurringTasks:Enabled</c> and <c>RecurringTasks:TimeZone</c>.</summary>
/// <remarks>Applied to the options of each task, after its own settings, so that a reload reaches it in the same way.</remarks>
internal sealed class CommonSettings(IConfiguration? configuration) : IPostConfigureOptions<RecurringTaskOptions>
{
    private const string Enabled = $"{OptionsFromConfiguration.Section}:{nameof(RecurringTaskOptions.Enabled)}";
    private const string Zone = $"{OptionsFromConfiguration.Section}:{nameof(RecurringTaskOptions.TimeZone)}";

    /// <summary>The zone of tasks that have none; null: UTC.</summary>
    public string? TimeZone => Read(Zone);

    /// <summary>What cannot be read of them; null: nothing.</summary>
    public string? Problem =>
        Read(Enabled) is { } text && !bool.TryParse(text, out _) ? $"{Enabled} '{text}' is not true or false" : null;

    /// <summary>What is doubtful though no task minds: a zone that is not known.</summary>
    public string? Warning => CronZones.TryFind(TimeZone, out _, out var mistake) ? null : $"{Zone}: {mistake}";

    public void PostConfigure(string? name, RecurringTaskOptions options)
    {
        if (bool.TryParse(Read(Enabled), out var enabled))
            options.Enabled &= enabled;
        else if (Problem is { } problem)
            options.Unreadable = [.. options.Unreadable, problem];
        options.DefaultTimeZone = TimeZone;
    }

    // Null and an empty text set nothing.
    private string? Read(string key) => configuration?[key]?.Trim() is { Length: > 0 } text ? text : null;
}
