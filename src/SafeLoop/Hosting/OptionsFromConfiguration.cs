using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Fills options from the section <c>RecurringTasks:{name}</c>, after code: configuration wins.</summary>
/// <param name="configuration">Null: the host has none.</param>
/// <param name="registered">
/// All tasks. When a name begins with another task's name and a colon, its section is inside the other task's section.
/// </param>
internal sealed class OptionsFromConfiguration(IConfiguration? configuration, IEnumerable<RegisteredTasks> registered)
    : IPostConfigureOptions<RecurringTaskOptions>
{
    public const string Section = "RecurringTasks";

    /// <summary>A problem with the section as a whole, as a sentence; null when there is none.</summary>
    public static string? MistakeIn(IConfiguration? configuration) =>
        ValueOf(configuration?.GetSection(Section)) is { } value
            ? $"{Section} '{value}' is a value, but holds one section for each task. "
                + $"Write the task and the setting too, such as {Section}:task:{nameof(RecurringTaskOptions.Every)}."
            : null;

    /// <summary>Applies the settings and records invalid ones for the report of all problems.</summary>
    public void PostConfigure(string? name, RecurringTaskOptions options)
    {
        if (string.IsNullOrEmpty(name) || configuration is null)
            return;

        var section = configuration.GetSection(Section).GetSection(name);
        var layers = ConfigurationLayers.Below(configuration, section.Path)
            .Select(layer => layer.SelectMany(setting => OwnOf(name, setting)));
        var configured = new ConfiguredTask(layers);
        var code = configured.HasSettings ? options.Copy().Freeze() : null;
        List<string> problems = [.. configured.ApplyTo(options).Select(problem => $"{section.Path}:{problem}")];
        options.Origins = code is null ? null : configured.Explain(code, ConfigurationLayers.NamesOf(configuration));
        if (ValueOf(section) is { } value)
        {
            problems.Add($"{section.Path} '{value}' is not a setting. "
                + $"Write the name of the setting too, such as {section.Path}:{nameof(options.Every)}");
        }
        options.Unreadable = problems;
    }

    // WebApplicationFactory passes its settings as arguments, including section nodes with an empty value.
    private static string? ValueOf(IConfigurationSection? section) =>
        section?.Value is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    // Leaves out settings of tasks whose names continue this task's name after a colon.
    private ConfiguredSetting[] OwnOf(string name, ConfiguredSetting setting)
    {
        if (setting.Inner.Length == 0 && (!setting.IsUnset || OptionsSettings.Has(setting.Name)))
            return [setting];
        var isOfAnother = registered.SelectMany(tasks => tasks.All)
            .Any(task => TaskNames.IsAtOrBelow(task.Name, $"{name}:{setting.Name}"));
        return !isOfAnother ? [setting] : setting.HasValue ? [setting with { Inner = [] }] : [];
    }
}
