using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Fills options from the section <c>RecurringTasks:{name}</c>, after code: configuration wins.</summary>
internal sealed class OptionsFromConfiguration(IConfiguration? configuration) : IPostConfigureOptions<RecurringTaskOptions>
{
    public const string Section = "RecurringTasks";

    /// <exception cref="InvalidRecurringTaskException">A setting is unknown or its value cannot be read.</exception>
    public void PostConfigure(string? name, RecurringTaskOptions options)
    {
        if (string.IsNullOrEmpty(name) || configuration?.GetSection(Section).GetSection(name) is not { } section || !section.Exists())
            return;

        var given = section.GetChildren().ToArray();
        if (given.Any(setting => OptionsSettings.IsSchedule(setting.Key)))
            OptionsSettings.ClearSchedule(options);

        var problems = given
            .Select(setting => OptionsSettings.Apply(options, setting.Key, setting.Value))
            .OfType<string>()
            .Select(problem => $"Recurring task '{name}': {Section}:{name}:{problem}.")
            .ToArray();
        if (problems.Length > 0)
            throw new InvalidRecurringTaskException(problems);
    }
}
