using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.History;

public class QueryTests
{
    [Fact]
    public void The_newest_slot_of_all_tasks_comes_first()
    {
        using var host = Run();

        Assert.Equal(
            ["a 20 ok", "b 20 Failed", "a 10 ok", "b 10 Failed", "a 0 ok", "b 0 Failed"],
            host.Query().Texts());
        Assert.Equal(
            ["b 0 Failed", "a 0 ok", "b 10 Failed", "a 10 ok", "b 20 Failed", "a 20 ok"],
            host.Query(new() { OldestFirst = true }).Texts());
        Assert.Null(host.Query().Cursor);
    }

    [Theory]
    [InlineData("task", "a 20 ok|a 10 ok|a 0 ok")]
    [InlineData("from", "a 20 ok|b 20 Failed|a 10 ok|b 10 Failed")]
    [InlineData("to", "a 0 ok|b 0 Failed")]
    [InlineData("outcome", "b 20 Failed|b 10 Failed|b 0 Failed")]
    [InlineData("unsuccessful", "b 20 Failed|b 10 Failed|b 0 Failed")]
    [InlineData("reason", "")]
    [InlineData("key", "")]
    public void A_filter_selects(string filter, string expected)
    {
        using var host = Run();
        var at = LoopHost.Start + 10.Seconds;
        HistoryQuery query = filter switch
        {
            "task" => new() { TaskName = "A" },
            "from" => new() { From = at },
            "to" => new() { To = at },
            "outcome" => new() { Outcome = IterationOutcome.Failed },
            "unsuccessful" => new() { OnlyUnsuccessful = true },
            "reason" => new() { Reason = OutcomeReason.Paused },
            _ => new() { TaskName = "a", Key = "7" },
        };

        Assert.Equal(expected, string.Join('|', host.Query(query).Texts()));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public void Pages_are_the_whole_history_once(int size, bool oldestFirst)
    {
        using var host = Run();
        var query = new HistoryQuery { PageSize = size, OldestFirst = oldestFirst };
        var all = host.Query(query with { PageSize = 1000 }).Texts();

        Assert.Equal(all, Pages(host, query));
    }

    [Fact]
    public void A_page_after_new_records_goes_on_where_the_last_one_ended()
    {
        using var host = Run();
        var first = host.Query(new() { PageSize = 2 });
        host.Advance(10.Seconds);

        Assert.Equal(["a 10 ok", "b 10 Failed"], host.Query(new() { PageSize = 2, Cursor = first.Cursor }).Texts());
    }

    [Fact]
    public void Records_that_are_alike_are_each_on_one_page()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Hours));
        foreach (var reason in new[] { "a", "b", "a", "b", "a" })
            DropByHand(host, reason);

        Assert.Equal(6, Pages(host, new() { PageSize = 1 }).Count);
        Assert.Equal(6, Pages(host, new() { PageSize = 2, OldestFirst = true }).Count);
    }

    [Fact]
    public void Several_slots_have_their_first_one()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("every", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("cron", Steps.None).Cron("0,30 9-17 * * *", "Europe/Berlin");
            services.AddRecurringTask("delay", Steps.None).WithDelay(1.Hours);
        });
        foreach (var task in host.Tasks.All)
            task.Pause();
        host.Advance(48.Hours);

        var firsts = host.Query(new() { Reason = OutcomeReason.Paused }).Entries
            .ToDictionary(entry => entry.TaskName, entry => (entry.FirstSlot - LoopHost.Start)?.TotalHours);
        Assert.Equal(10 / 3600.0, firsts["every"]!.Value, 9);
        Assert.Equal(8, firsts["cron"]);
        Assert.Equal(1, firsts["delay"]);
    }

    public static TheoryData<HistoryQuery, string> Mistakes { get; } = new()
    {
        { new() { PageSize = 0 }, "PageSize must be 1 to 1,000; it is 0. Set it within this range and read more by Cursor." },
        {
            new() { PageSize = 1001 },
            "PageSize must be 1 to 1,000; it is 1001. Set it within this range and read more by Cursor."
        },
        { new() { TaskName = " " }, "TaskName is empty. Set it to the name of a task, or to null for all tasks." },
        { new() { Key = "7" }, "Key '7' needs TaskName: different tasks may have the same key. Set both." },
        {
            new() { From = LoopHost.Start, To = LoopHost.Start },
            "From (2026-01-01T00:00:00.0000000+00:00) is not before To (2026-01-01T00:00:00.0000000+00:00), "
                + "so no slot lies between them. Set To to a later instant."
        },
        { new() { Outcome = IterationOutcome.None }, "Outcome is None, in which no slot ends. Set it to null for all outcomes." },
        { new() { Outcome = (IterationOutcome)99 }, "Outcome 99 does not exist. Use one of IterationOutcome." },
        { new() { Reason = (OutcomeReason)99 }, "Reason 99 does not exist. Use one of OutcomeReason." },
        {
            new() { Outcome = IterationOutcome.Succeeded, OnlyUnsuccessful = true },
            "OnlyUnsuccessful leaves out the outcome Succeeded, which Outcome selects. Remove one of the two."
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public async Task A_query_that_cannot_be_answered_is_a_sentence(HistoryQuery query, string expected)
    {
        using var host = new LoopHost(_ => { });
        var error = await Assert.ThrowsAsync<ArgumentException>(() => host.History().QueryAsync(query).AsTask());
        Assert.StartsWith(expected, error.Message);
        Assert.Equal("query", error.ParamName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.2.3.4.5.6.7")]
    [InlineData("1.2.3.0.YQ.")]
    [InlineData("1.2.3.99999999.YQ.")]
    [InlineData("-1.2.3.1.YQ.")]
    [InlineData("1.2.3.1.%%.")]
    [InlineData("99999999999999999999.2.3.1.YQ.")]
    [InlineData("\u202e\n'")]
    public async Task A_cursor_of_elsewhere_is_a_sentence(string cursor)
    {
        using var host = Run();
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => host.History().QueryAsync(new() { Cursor = cursor }).AsTask());
        Assert.StartsWith($"Cursor '{Printable.Escape(cursor)}' is not one of HistoryPage.", error.Message);
    }

    [Fact]
    public async Task An_unknown_task_is_a_sentence()
    {
        using var host = new LoopHost(services => services.AddRecurringTask("nightly", Steps.None).Every(1.Hours));
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(
            () => host.History().QueryAsync(new() { TaskName = "nigtly" }).AsTask());
        Assert.Equal("There is no recurring task named 'nigtly', did you mean 'nightly'?", error.Message);
    }

    [Fact]
    public void An_error_has_its_type()
    {
        using var host = Run();
        var entry = host.Query(new() { TaskName = "b", PageSize = 1 }).Entries[0];
        Assert.Equal(("FormatException", "FormatException: no number"), (entry.ErrorType, entry.Record.Error));
    }

    private static LoopHost Run()
    {
        var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("a", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("b", (_, _) => throw new FormatException("no number")).Every(10.Seconds);
        });
        host.Advance(20.Seconds);
        return host;
    }

    private static List<string> Pages(LoopHost host, HistoryQuery query)
    {
        var all = new List<string>();
        do
        {
            var page = host.Query(query);
            all.AddRange(page.Texts());
            Assert.InRange(page.Entries.Count, 1, query.PageSize);
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return all;
    }

    private static void DropByHand(LoopHost host, string why)
    {
        var now = host.Clock.GetUtcNow();
        host["t"].OwnLoop!.Log.Drop(now, OutcomeReason.Disabled, now, byHand: true, why.ToString(CultureInfo.InvariantCulture));
    }
}
