using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SafeLoop;

/// <summary>Brings a reloaded configuration to the loops. A task whose settings did not change does not notice; a wrong setting leaves the old ones in force.</summary>
internal sealed class ConfigurationReload(RecurringTasks tasks, IConfiguration? configuration) : IDisposable
{
    private readonly Lock _gate = new();
    private IDisposable? _watch;

    public void Watch() => _watch ??= configuration is null ? null : ChangeToken.OnChange(configuration.GetReloadToken, Reload);

    public void Dispose() => _watch?.Dispose();

    /// <summary>Sections that match no task: most likely mistyped.</summary>
    public IEnumerable<string> UnknownSections()
    {
        var names = tasks.All.Select(task => task.Name).ToArray();
        return configuration?.GetSection(OptionsFromConfiguration.Section).GetChildren()
            .Where(section => !names.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            .Select(section => $"Configuration section {section.Path} matches no recurring task and is ignored{DidYouMean.Ask(section.Key, names)}") ?? [];
    }

    private void Reload()
    {
        lock (_gate)
        {
            foreach (var task in tasks.All)
                Reload(task);
        }
    }

    private static void Reload(RecurringTaskHandle task)
    {
        try
        {
            task.Reload(OptionsSettings.AreSame);
        }
        catch (Exception error) // a wrong setting, or the user's own Configure: whoever reloads the configuration must not pay for it
        {
            task.Reject(error is InvalidRecurringTaskException invalid ? string.Join(" ", invalid.Problems) : error.Message);
        }
    }
}
