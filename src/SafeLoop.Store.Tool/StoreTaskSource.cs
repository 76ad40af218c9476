using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Dashboard;
using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>Tasks through their store. It has what hosts have saved; of what runs now it knows only the heartbeats.</summary>
internal sealed class StoreTaskSource(StoreServices services) : ITaskSource
{
    private const int SlotsShown = 1_000;

    private const string OnlyStored =
        "A store does not know what is running now, nor the next slots. Pauses and ends are as they were saved.";

    public required TimeProvider Time { get; init; }

    /// <summary>Who operates.</summary>
    public required string By { get; init; }

    public Task<TaskList> ListAsync(string? text, CancellationToken cancellationToken) => CallAsync(
        async (provider, cancel) =>
        {
            var reader = provider.GetRequiredService<IRecurringTaskReader>();
            var tasks = await LoopPages.ReadAsync(reader, cancel).ToListAsync(cancel);
            return new TaskList
            {
                Tasks =
                [
                    .. tasks.Where(task => text is null || task.TaskName.Contains(text, StringComparison.OrdinalIgnoreCase))
                        .OrderBy(task => task.TaskName, StringComparer.OrdinalIgnoreCase).Select(TaskLine.From),
                ],
                Instances = await reader.QueryInstancesAsync(cancel),
                Notes = [OnlyStored],
            };
        },
        cancellationToken);

    public Task<NextSlots> FindAsync(string task, string? key, CancellationToken cancellationToken) => CallAsync(
        async (provider, cancel) =>
        {
            var reader = provider.GetRequiredService<IRecurringTaskReader>();
            var whole = await FindTaskAsync(reader, task, cancel);
            var loop = key is null ? whole : await FindKeyAsync(reader, whole, key, cancel);
            var schedule = StoredSchedule.Read(whole.Schedule);
            return new NextSlots
            {
                Task = TaskLine.From(loop with { Schedule = whole.Schedule }),
                Schedule = whole.Schedule,
                Zone = schedule?.Cron?.Zone,
                Slots = schedule?.NextAfter(Time.GetUtcNow(), SlotsShown) ?? [],
                Notes = [StoreSentences.AboutSlots(whole, schedule)],
            };
        },
        cancellationToken);

    // Not by IRecurringTaskHistory: a host without tasks has no records in memory to fall back on when the store fails.
    public Task<SlotExplanation> ExplainAsync(
        string task, string? key, DateTimeOffset instant, string zone, CancellationToken cancellationToken) => CallAsync(
            async (provider, cancel) =>
            {
                var reader = provider.GetRequiredService<IRecurringTaskReader>();
                var whole = await FindTaskAsync(reader, task, cancel);
                var isKeyed = await services.IsKeyedAsync(whole.TaskName, cancel);
                if (StoreSentences.FindMistake(whole.TaskName, key, isKeyed) is { } why)
                    throw new ToolException(TaskExitCode.Usage, why);
                var (store, time) = (provider.GetRequiredService<IRecurringTaskStore>(), Zones.In(zone));
                var near = await StoredEntries.FindAsync(store, whole.TaskName, key, instant, cancel);
                var explanation = StoredExplainer.Explain(
                    whole.TaskName, key, near, instant, isKeyUnknown: false, note: null, time);
                if (explanation.Finding is not SlotFinding.ScheduleUnknown)
                    return explanation;
                var hasAny = !near.IsEmpty || await StoredEntries.HasAnyAsync(store, whole.TaskName, cancel);
                var loop = key is null ? whole : await FindKeyAsync(reader, whole, key, cancel);
                return new UnrecordedSlot(whole, loop, time, Time.GetUtcNow()).Explain(explanation, hasAny);
            },
            cancellationToken);

    public Task<HistoryPage> QueryHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => CallAsync(
        async (provider, cancel) =>
        {
            var whole = await FindTaskAsync(provider.GetRequiredService<IRecurringTaskReader>(), query.TaskName!, cancel);
            try
            {
                return await provider.GetRequiredService<IRecurringTaskHistory>()
                    .QueryAsync(query with { TaskName = whole.TaskName }, cancel);
            }
            catch (KeyNotFoundException)
            {
                return new HistoryPage { Entries = [] }; // the task is stored, but has never run
            }
        },
        cancellationToken);

    public Task<SchedulePreview> PreviewAsync(
        string? task, string? cron, TimeSpan? every, string? zone, CancellationToken cancellationToken) => CallAsync(
            async (provider, cancel) =>
            {
                var whole = await FindTaskAsync(provider.GetRequiredService<IRecurringTaskReader>(), task!, cancel);
                return new StoredPreview(Time).Preview(whole, cron, every, zone);
            },
            cancellationToken);

    public Task<TaskCommandStatus> SendAsync(TaskCommand command, CancellationToken cancellationToken) => CallAsync(
        async (provider, cancel) =>
        {
            command = command with { By = By };
            var commands = provider.GetRequiredService<IRecurringTaskCommands>();
            await commands.SendAsync(command, cancel);
            return await commands.FindAsync(command.Id, cancel) ?? new() { Command = command };
        },
        cancellationToken);

    public Task<TaskCommandStatus> FindCommandAsync(Guid id, CancellationToken cancellationToken) => CallAsync(
        async (provider, cancel) => await provider.GetRequiredService<IRecurringTaskCommands>().FindAsync(id, cancel)
            ?? throw new ToolException(
                TaskExitCode.NotFound, $"There is no command with the id {id}, or it is not kept any more."),
        cancellationToken);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<T> CallAsync<T>(
        Func<IServiceProvider, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(await services.OpenAsync(cancellationToken), cancellationToken);
        }
        catch (Exception error) when (CodeOf(error) is { } code)
        {
            throw new ToolException(code, Printable.Escape(SentenceOf(error), Printable.LongestText), error);
        }
    }

    private static int? CodeOf(Exception error) => error switch
    {
        KeyNotFoundException => TaskExitCode.NotFound,
        ArgumentException => TaskExitCode.Usage,
        IncompatibleStoreException or TimeoutException or DbException or InvalidOperationException => TaskExitCode.Failed,
        _ => null,
    };

    // "… (Parameter 'query')" is for developers, and this tool does not try again.
    private static string SentenceOf(Exception error) =>
        (error is ArgumentException { ParamName: { } name }
            ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : error.Message)
        .Replace(" SafeLoop tries again.", "", StringComparison.Ordinal);

    private static async Task<StoredLoop> FindTaskAsync(
        IRecurringTaskReader reader, string name, CancellationToken cancellationToken)
    {
        var tasks = await LoopPages.ReadAsync(reader, cancellationToken).ToListAsync(cancellationToken);
        return tasks.Find(task => task.TaskName.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ToolException(TaskExitCode.NotFound, StoreSentences.NoTask(name, tasks));
    }

    // A key that succeeds has no row of its own.
    private static async Task<StoredLoop> FindKeyAsync(
        IRecurringTaskReader reader, StoredLoop task, string key, CancellationToken cancellationToken)
    {
        var page = await reader.QueryLoopsAsync(
            new() { TaskName = task.TaskName, Prefix = key, PageSize = 1 }, cancellationToken);
        return page.Loops.FirstOrDefault(loop => loop.Key == key) ?? new() { TaskName = task.TaskName, Key = key };
    }
}
