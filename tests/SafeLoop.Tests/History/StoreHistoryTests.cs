using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

public class StoreHistoryTests
{
    [Fact]
    public async Task A_query_is_passed_to_the_store_with_the_name_as_it_is_registered()
    {
        using var host = Run();
        var store = new EntryStore(Entry("t", 10, IterationOutcome.Succeeded));
        var page = await host.History(store).QueryAsync(new() { TaskName = "T", PageSize = 7, Cursor = "of the store" });

        Assert.Equal(["t 10 ok"], page.Texts());
        Assert.Equal([new() { TaskName = "t", PageSize = 7, Cursor = "of the store" }], store.Queries);
    }

    [Fact]
    public async Task The_store_of_the_services_answers()
    {
        var store = new EntryStore(Entry("gone", 10, IterationOutcome.Succeeded));
        await using var services = new ServiceCollection()
            .AddSingleton<IRecurringTaskStore>(store).AddRecurringTasks().BuildServiceProvider();

        Assert.Equal(["gone 10 ok"], (await services.GetRequiredService<IRecurringTaskHistory>().QueryAsync(new())).Texts());
    }

    [Fact]
    public async Task A_task_that_only_the_store_knows_is_no_error()
    {
        using var host = Run();
        var store = new EntryStore(Entry("gone", 10, IterationOutcome.Failed), Entry("gone", 30, IterationOutcome.Succeeded));
        var history = host.History(store);

        Assert.Empty((await history.QueryAsync(new() { TaskName = "gone", From = LoopHost.Start + 50.Seconds })).Entries);
        Assert.StartsWith("The slot of 'gone' at 2026-01-01 00:00:10 UTC ran and "
            + "failed", host.Explain("gone", 10, store: store).Text);
        var between = host.Explain("gone", 20, store: store);
        Assert.Equal(
            "The store has no record of 'gone' at 2026-01-01 00:00:20 UTC, and this host has no such task or key, so its "
                + "schedule is not "
                + "known.",
            between.Text);
        Assert.Equal((LoopHost.Start + 10.Seconds, LoopHost.Start + 30.Seconds), (between.SlotBefore, between.SlotAfter));
    }

    [Fact]
    public async Task A_task_that_nobody_knows_is_a_sentence()
    {
        using var host = Run();
        var history = host.History(new EntryStore());

        foreach (var ask in new Func<Task>[]
        {
            () => history.QueryAsync(new() { TaskName = "tt" }).AsTask(),
            () => history.ExplainAsync("tt", LoopHost.Start).AsTask(),
        })
        {
            var error = await Assert.ThrowsAsync<KeyNotFoundException>(ask);
            Assert.Equal("There is no recurring task named 'tt', and none is stored, did you mean 't'?", error.Message);
        }
    }

    [Fact]
    public void What_is_not_stored_yet_is_in_memory()
    {
        using var host = Run();
        host.Advance(15.Seconds);
        var store = new EntryStore(Entry("t", 0, IterationOutcome.Succeeded));

        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:10 UTC ran and "
            + "succeeded", host.Explain("t", 10, store: store).Text);
    }

    [Fact]
    public async Task A_store_that_fails_leaves_the_records_in_memory()
    {
        using var host = Run();
        host.Advance(15.Seconds);
        var store = new EntryStore { Fails = () => new TimeoutException("The database\ndid not answer.") };

        Assert.EndsWith(
            "; the store did not answer (TimeoutException: The database\\ndid not answer), so only records in memory were read.",
            host.Explain("t", 10, store: store).Text);
        await Assert.ThrowsAsync<TimeoutException>(() => host.History(store).QueryAsync(new()).AsTask());
    }

    [Fact]
    public async Task A_cancelled_question_is_cancelled()
    {
        using var host = Run();
        var (cancelled, store) = (new CancellationToken(canceled: true), new EntryStore());
        using var late = new CancellationTokenSource();
        var slow = new EntryStore { Fails = () => { late.Cancel(); return new OperationCanceledException(late.Token); } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.History().QueryAsync(new(), cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => host.History(store).ExplainAsync("t", LoopHost.Start, cancellationToken: cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => host.History(slow).ExplainAsync("t", LoopHost.Start, cancellationToken: late.Token).AsTask());
    }

    [Fact]
    public void A_run_by_hand_and_a_failure_do_not_hide_the_row_around_them()
    {
        using var host = Run();
        var store = new EntryStore(
            Entry("t", 15, IterationOutcome.Succeeded) with { Record = ByHand(15) },
            Entry("t", 30, IterationOutcome.Failed),
            Entry("t", 50, IterationOutcome.Succeeded, count: 5, first: 0));

        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:10 UTC ran and succeeded, like 4 others",
            host.Explain("t", 10, store: store).Text);
        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:30 UTC ran and failed", host.Explain("t", 30, store: store).Text);
        Assert.StartsWith("The run by hand of 't'", host.Explain("t", 15, store: store).Text);
    }

    private static IterationRecord ByHand(double second) => new()
    {
        Slot = LoopHost.Start + TimeSpan.FromSeconds(second),
        Started = LoopHost.Start + TimeSpan.FromSeconds(second),
        Outcome = IterationOutcome.Succeeded,
        IsManual = true,
    };

    private static LoopHost Run() =>
        LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("*/10 * * * * *").RunOnStart());
}
