using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests.History;

/// <summary>Asks the history of a host; instants in seconds since its start.</summary>
internal static class HistoryOfHost
{
    public static IRecurringTaskHistory History(this LoopHost host, IRecurringTaskStore? store = null) => store is null
        ? host.Services.GetRequiredService<IRecurringTaskHistory>()
        : new TaskHistory(host.Services.GetRequiredService<RecurringTasks>(), store, host.Clock);

    public static HistoryPage Query(this LoopHost host, HistoryQuery? query = null) =>
        host.History().QueryAsync(query ?? new()).AsTask().Answer();

    public static SlotExplanation Explain(
        this LoopHost host, string task, double second, object? key = null, IRecurringTaskStore? store = null) =>
        host.Explain(task, LoopHost.Start + TimeSpan.FromSeconds(second), key, store);

    public static SlotExplanation Explain(
        this LoopHost host, string task, DateTimeOffset instant, object? key = null, IRecurringTaskStore? store = null) =>
        host.History(store).ExplainAsync(task, instant, key).AsTask().Answer();

    public static string Why(this LoopHost host, string task, double second, object? key = null) =>
        host.Explain(task, second, key).Text;

    /// <summary>Entries as the tests of history write them: <c>t 4 ok</c>.</summary>
    public static string[] Texts(this HistoryPage page) =>
    [
        .. page.Entries.Select(entry =>
            $"{entry.TaskName}{(entry.Key is null ? "" : $"[{entry.Key}]")} {SlotText.Of(entry.Record, LoopHost.Start)}"),
    ];

    public static HistoryEntry Entry(
        string task,
        double second,
        IterationOutcome outcome,
        OutcomeReason reason = OutcomeReason.None,
        string? key = null,
        long count = 1,
        double? first = null) => new()
        {
            TaskName = task,
            Key = key,
            Record = new()
            {
                Slot = LoopHost.Start + TimeSpan.FromSeconds(second),
                Started = LoopHost.Start + TimeSpan.FromSeconds(second),
                Outcome = outcome,
                Reason = reason,
                Count = count,
            },
            FirstSlot = first is { } at ? LoopHost.Start + TimeSpan.FromSeconds(at) : null,
        };
}
