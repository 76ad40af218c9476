using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Lists the options of a task, and what set each.</summary>
/// <param name="request">The request.</param>
/// <param name="change">The change in force; null: there is none.</param>
/// <param name="isKey">True: the options are those of a key.</param>
internal sealed class OptionReader(PageRequest request, TaskChange? change, bool isKey)
{
    public IReadOnlyList<OptionRow> Read(RecurringTaskHandle handle) => [.. OptionChains.Read(handle).Select(ToRow)];

    private OptionRow ToRow(OptionChain option)
    {
        var steps = option.Steps.Select(step => ToStep(option, step)).Reverse().ToList();
        return new(option.Name, Text(option.Name, option.Value), steps);
    }

    private OptionRowStep ToStep(OptionChain option, OptionStep step) => new(
        OriginOf(step),
        step.Fate is OptionFate.InForce ? null : $"{Text(option.Name, step.Value)}, {WordsOf(step.Fate)}");

    private string OriginOf(OptionStep step) => step.Source switch
    {
        OptionSource.Code => "code",
        OptionSource.Configuration => $"configuration ({step.Layer})",
        OptionSource.LaterCode => isKey ? "code, for this key" : "code, after configuration",
        _ when change is null => "changed by code of this host while it runs",
        _ => $"changed by {change.By ?? "an unknown user"} {request.View.Times.Relative(change.Since)}"
            + (change.Reason is { } reason ? $": {reason}" : ""),
    };

    private static string WordsOf(OptionFate fate) => fate switch
    {
        OptionFate.Hidden => "hidden by the schedule of a higher layer",
        OptionFate.Reset => "reset by a null for its group",
        _ => "replaced",
    };

    private static string Text(string name, object? value) => value switch
    {
        null => "none",
        TimeSpan span => span == Timeout.InfiniteTimeSpan ? "no limit" : DurationText.Of(span),
        DateTimeOffset at => PageTimes.Query(at),
        bool flag => flag ? "yes" : "no",
        string address when name is nameof(RecurringTaskOptions.PingAfter) => OptionSecrets.HostOf(address),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
