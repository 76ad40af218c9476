using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SafeLoop;

/// <summary>Writes and reads the settings of <see cref="OptionsSettings"/>.</summary>
internal sealed class OptionsFormat : IOptionsFormat
{
    private static readonly RecurringTaskOptions Defaults = new RecurringTaskOptions().Freeze();

    public IReadOnlyList<string> Apply(RecurringTaskOptions options, string json)
    {
        var settings = OptionsJson.Read(json, out var problem);
        return problem is not null ? [problem] : new ConfiguredTask([settings]).ApplyTo(options);
    }

    public string? Write(RecurringTaskOptions from, RecurringTaskOptions to)
    {
        var schedules = to.ScheduleNames;
        var changed = OptionsSettings.Readable
            .Where(setting => !Equals(setting.Get(from), setting.Get(to)))
            .Where(setting => !OptionsSettings.IsSchedule(setting.Name) || schedules.Contains(setting.Name));
        var json = OptionsJson.Write(changed.Select(setting => (setting.Name, Format(setting.Get(to)))));
        var again = from.Copy();
        // What code alone can set, and what a setting changes beside itself, shows when the settings are read again.
        return Apply(again, json).Count == 0 && OptionsSettings.AreSame(again, to) && HasCodeOf(again, to) ? json : null;
    }

    public string Fingerprint(RecurringTaskOptions options)
    {
        var text = new StringBuilder();
        // Defaults are left out, so that a version with more settings has the same fingerprint.
        foreach (var setting in OptionsSettings.Readable.OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            var isOther = !Equals(setting.Get(options), setting.Get(Defaults));
            var isNoOption = setting.Name == nameof(options.FormerName)
                || (setting.Name == nameof(options.Enabled) && options.DisabledBy is not null);
            if (isOther && !isNoOption)
                text.Append(CultureInfo.InvariantCulture, $"{setting.Name}={Format(setting.Get(options))}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{options.Zone} {options.DelayPolicy?.GetType()} ");
        text.Append(options.HasExclusions ? options.Exclusions.Count : 0);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    private static string? Format(object? value) => value switch
    {
        null => null,
        TimeSpan time => time.ToString("c"),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static bool HasCodeOf(RecurringTaskOptions one, RecurringTaskOptions other) =>
        (one.DelayPolicy, one.KeySchedules, one.ResiliencePipeline, one.ConfigureResilience)
            == (other.DelayPolicy, other.KeySchedules, other.ResiliencePipeline, other.ConfigureResilience)
        && one.Exclusions.SequenceEqual(other.Exclusions)
        && one.WhileChecks.SequenceEqual(other.WhileChecks)
        && one.UntilChecks.SequenceEqual(other.UntilChecks)
        && one.FailureHandlers.SequenceEqual(other.FailureHandlers);
}
