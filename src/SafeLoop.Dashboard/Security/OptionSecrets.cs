namespace SafeLoop.Dashboard;

/// <summary>Removes secrets from options in JSON: only the host of the address in <c>PingAfter</c> stays.</summary>
internal static class OptionSecrets
{
    private const string Name = nameof(RecurringTaskOptions.PingAfter);

    public static TaskChange? Hide(TaskChange? change) =>
        change is null ? null : change with { Options = Hide(change.Options) };

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(options))]
    public static string? Hide(string? options)
    {
        if (options is null)
            return null;
        var settings = OptionsJson.Read(options, out var problem).SelectMany(ConfiguredTask.Flatten)
            .Select(static setting => (setting.Name, setting.Value)).ToList();
        if (problem is not null)
            return ErrorFilter.Hidden;
        return settings.Any(static setting => IsSecret(setting.Name))
            ? OptionsJson.Write(settings.Select(static setting =>
                IsSecret(setting.Name) ? (setting.Name, HostOf(setting.Value)) : setting))
            : options;
    }

    /// <summary>The host of an address; the rest of it is a secret.</summary>
    public static string HostOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.Host : "";

    private static bool IsSecret(string name) => name.Equals(Name, StringComparison.OrdinalIgnoreCase);
}
