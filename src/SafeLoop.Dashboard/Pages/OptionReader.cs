using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>Lists the options of a task that are not the default, and where each comes from.</summary>
internal static class OptionReader
{
    private static readonly RecurringTaskOptions Defaults = new();

    private static readonly (string Name, Func<RecurringTaskOptions, object?> Read)[] All =
    [
        ("Enabled", options => options.Enabled),
        ("Every", options => options.Every),
        ("Delay", options => options.Delay),
        ("Cron", options => options.Cron),
        ("TimeZone", options => options.TimeZone),
        ("Continuously", options => options.Continuously),
        ("DelayPolicy", options => options.DelayPolicy?.GetType().Name),
        ("Jitter", options => options.Jitter),
        ("Spread", options => options.Spread),
        ("StartAfter", options => options.StartAfter),
        ("StartAt", options => options.StartAt),
        ("EndAt", options => options.EndAt),
        ("RunOnStart", options => options.RunOnStart),
        ("Missed", options => options.Missed.Policy),
        ("Missed:Window", options => options.Missed.Window),
        ("Overlap", options => options.Overlap.Policy),
        ("SurviveRestarts", options => options.SurviveRestarts),
        ("InCluster", options => options.InCluster),
        ("StopAfter", options => options.StopAfter),
        ("BackOff:Initial", options => options.BackOff.Initial),
        ("BackOff:Max", options => options.BackOff.Max),
        ("Failures:PauseAfter", options => options.Failures.PauseAfter),
        ("Failures:StopAfter", options => options.Failures.StopAfter),
        ("Failures:StopHostAfter", options => options.Failures.StopHostAfter),
        ("Timeout", options => options.Timeout),
        ("StuckAfter", options => options.StuckAfter),
        ("Resilience", options => options.Resilience),
        ("Lock:Name", options => options.Lock.Name),
        ("Lock:WhenHeld", options => options.Lock.WhenHeld),
        ("DrainFor", options => options.DrainFor),
        ("Concurrency", options => options.Concurrency),
        ("Singleton", options => options.Singleton),
        ("HistoryLength", options => options.HistoryLength),
        ("SucceedWithin", options => options.SucceedWithin),
        ("PingAfter", options => options.PingAfter is { } address ? HostOf(address) : null), // the rest of it is a secret
        ("Exclusions", options => options.Exclusions.Count == 0 ? null : CountText.Of(options.Exclusions.Count, "exclusion")),
    ];

    public static IReadOnlyList<OptionRow> Read(RecurringTaskOptions options, TaskSummary task, PageRequest request)
    {
        var changed = ReadChanged(task.Snapshot.Change);
        return
        [
            .. from option in All
               let value = option.Read(options)
               where value is not null && !Equals(value, option.Read(Defaults))
               select new OptionRow(option.Name, Text(value), Origin(option.Name, task, changed, request)),
        ];
    }

    private static string HostOf(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.Host : "";

    private static HashSet<string> ReadChanged(TaskChange? change)
    {
        if (change is null)
            return [];
        using var json = JsonDocument.Parse(change.Options);
        return json.RootElement.EnumerateObject().Select(setting => setting.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static string Origin(string option, TaskSummary task, HashSet<string> changed, PageRequest request)
    {
        var group = option.Split(':')[0];
        if (task.Snapshot.Change is { } change && (changed.Contains(option) || changed.Contains(group)))
        {
            return $"changed by {change.By ?? "an unknown user"} {request.View.Times.Relative(change.Since)}"
                + (change.Reason is { } reason ? $": {reason}" : "");
        }
        var configuration = request.Context.RequestServices.GetService<IConfiguration>();
        return configuration?.GetSection($"RecurringTasks:{task.Name}:{group}").Exists() == true ? "configuration" : "code";
    }

    private static string Text(object value) => value switch
    {
        TimeSpan span => DurationText.Of(span),
        DateTimeOffset at => PageTimes.Query(at),
        bool flag => flag ? "yes" : "no",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
