using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SafeLoop;

/// <summary>Brings a reloaded configuration to the loops. A task whose settings did not change does not notice; a wrong setting leaves the old ones in force.</summary>
internal sealed class ConfigurationReload(RecurringTasks tasks, KeyedTasks keyed, IConfiguration? configuration) : IDisposable
{
    private readonly Lock _gate = new();
    private IDisposable? _watch;

    public void Watch() => _watch ??= configuration is null ? null : ChangeToken.OnChange(configuration.GetReloadToken, Reload);

    public void Dispose() => _watch?.Dispose();

    /// <summary>Sections that match no task: most likely mistyped.</summary>
    public IEnumerable<string> UnknownSections()
    {
        HashSet<string> names = new([.. tasks.All.Select(task => task.Name), .. keyed.All.Select(task => task.Name)], StringComparer.OrdinalIgnoreCase);
        return configuration?.GetSection(OptionsFromConfiguration.Section).GetChildren()
            .Where(section => !names.Contains(section.Key))
            .Select(section => $"Configuration section {section.Path} matches no recurring task and is ignored{DidYouMean.Ask(section.Key, names)}") ?? [];
    }

    private void Reload()
    {
        lock (_gate)
        {
            foreach (var task in tasks.All.Concat(keyed.All.SelectMany(task => task.Kept)))
                Reload(() => task.Reload(OptionsSettings.AreSame), task.Reject);
            foreach (var task in keyed.All)
                Reload(() => task.Reload(OptionsSettings.AreSame), task.Reject);
        }
    }

    private static void Reload(Action reload, Action<string> reject)
    {
        try
        {
            reload();
        }
        catch (Exception error) // a wrong setting, or the user's own Configure: whoever reloads the configuration must not pay for it
        {
            reject(error is InvalidRecurringTaskException invalid ? string.Join(" ", invalid.Problems) : error.Message);
        }
    }
}
