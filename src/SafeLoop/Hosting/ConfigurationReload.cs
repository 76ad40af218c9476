using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SafeLoop;

/// <summary>
/// Applies a reloaded configuration to the loops. A task whose settings did not change is not affected. When a setting is
/// invalid, the old options stay in force.
/// </summary>
/// <remarks>
/// One thread reloads at a time and counts the changes that arrive meanwhile. The start of the host counts as one reload, so a
/// change between reading the options and starting the loops is not lost.
/// </remarks>
internal sealed class ConfigurationReload(
    RecurringTasks tasks,
    DisabledTasks disabled,
    IConfiguration? configuration,
    Action<string> warn) : IDisposable
{
    private readonly HashSet<string> _unknown = new(StringComparer.OrdinalIgnoreCase);
    private IDisposable? _watch;
    private int _changes = 1;
    private int _isDisposed;

    /// <summary>Starts counting changes. <see cref="Begin"/> applies them to the loops.</summary>
    public void Watch()
    {
        if (configuration is not null)
            _watch ??= ChangeToken.OnChange(configuration.GetReloadToken, OnChanged);
    }

    /// <summary>Called when the loops have started.</summary>
    public void Begin()
    {
        disabled.Report();
        if (Interlocked.CompareExchange(ref _changes, 0, 1) != 1)
            ReloadAll();
    }

    /// <summary>Ends the reloads. Does not wait for one that is running, because options are user code.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0 || _watch is not { } watch)
            return;
        // Waits for the callback. A change that comes from now on returns at once.
        if (Volatile.Read(ref _changes) == 0)
            watch.Dispose();
        else
            ThreadPool.UnsafeQueueUserWorkItem(static watch => watch.Dispose(), watch, preferLocal: false);
    }

    /// <summary>Warns once about each section that matches no task, most likely because its name is mistyped.</summary>
    public void WarnOfUnknownSections()
    {
        if (configuration is null)
            return;
        HashSet<string> names = new(
            [.. OptionsProblems.ReservedNames, .. tasks.All.Select(task => task.Name)],
            StringComparer.OrdinalIgnoreCase);
        WarnOfUnknownSections(configuration.GetSection(OptionsFromConfiguration.Section), names);
    }

    private void WarnOfUnknownSections(IConfigurationSection parent, HashSet<string> names)
    {
        foreach (var section in parent.GetChildren())
        {
            var name = section.Path[(OptionsFromConfiguration.Section.Length + 1)..];
            if (names.Contains(name))
                continue;
            if (names.Any(known => TaskNames.IsAtOrBelow(known, name)))
                WarnOfUnknownSections(section, names); // the beginning of a name with colons
            else if (_unknown.Add(name))
                warn($"Configuration section {section.Path} matches no recurring task and is ignored{Suggestion(name, names)}");
        }
    }

    private static string Suggestion(string name, IEnumerable<string> names) =>
        DidYouMean.Ask(name, names.Select(known => TaskNames.BeginningLike(known, name)));

    private void OnChanged()
    {
        if (Interlocked.Increment(ref _changes) == 1 && Volatile.Read(ref _isDisposed) == 0)
            ReloadAll();
    }

    // Takes no lock, because options and observers are user code.
    private void ReloadAll()
    {
        var seen = 0;
        try
        {
            do
            {
                seen = Volatile.Read(ref _changes);
                Reload();
            }
            while (Interlocked.CompareExchange(ref _changes, 0, seen) != seen && Volatile.Read(ref _isDisposed) == 0);
            seen = 0;
        }
        finally
        {
            if (seen != 0) // an exception from the configuration must not end all later reloads
                Volatile.Write(ref _changes, 0);
        }
    }

    private void Reload()
    {
        tasks.OnReload();
        var all = tasks.All;
        // Keyed tasks first, because the reader of their keys is enabled and disabled with them.
        foreach (var task in all.Where(task => task is not TaskLoop))
            Reload(task);
        foreach (var loop in all.SelectMany(task => task.Loops))
            Reload(loop);
        WarnOfUnknownSections();
        if (OptionsFromConfiguration.MistakeIn(configuration) is { } mistake && _unknown.Add(mistake))
            warn(mistake);
        disabled.Report();
    }

    /// <summary>Reads the options of a task again.</summary>
    public static void Reload(TaskGroup task) =>
        Reload(() => task.Reload(OptionsSettings.AreSame), task.Reject);

    private static void Reload(Action reload, Action<string> reject)
    {
        try
        {
            reload();
        }
        // An invalid setting or the user's Configure; it must not reach the caller that reloads the configuration.
        catch (Exception error)
        {
            reject(error is InvalidRecurringTaskException { Problems: var problems }
                ? string.Join(" ", problems)
                : ErrorText.Format(error)!);
        }
    }
}
