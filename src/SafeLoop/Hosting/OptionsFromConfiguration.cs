using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Fills options from the section <c>RecurringTasks:{name}</c>, after code: configuration wins.</summary>
internal sealed class OptionsFromConfiguration(IConfiguration? configuration) : IPostConfigureOptions<RecurringTaskOptions>
{
    public const string Section = "RecurringTasks";

    /// <summary>What cannot be read is noted, so that it is told together with everything else that is wrong.</summary>
    public void PostConfigure(string? name, RecurringTaskOptions options)
    {
        if (string.IsNullOrEmpty(name) || configuration?.GetSection(Section).GetSection(name) is not { } section || !section.Exists())
            return;

        var given = section.GetChildren().ToArray();
        if (given.Any(setting => OptionsSettings.IsSchedule(setting.Key, setting.Value)))
            OptionsSettings.ClearSchedule(options);

        options.Unreadable = [.. given
            .Select(setting => OptionsSettings.Apply(options, setting.Key, setting.Value))
            .OfType<string>()
            .Select(problem => $"{Section}:{name}:{problem}")];
        if (section.Value is { } value)
            options.Unreadable = [.. options.Unreadable, $"{Section}:{name} '{value}' is no setting. Write its name too, such as {Section}:{name}:{nameof(options.Every)}"];
    }
}
