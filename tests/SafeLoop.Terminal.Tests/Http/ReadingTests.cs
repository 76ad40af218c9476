using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Terminal.Tests.Http;

public sealed class ReadingTests : IAsyncLifetime
{
    private LoopsApplication _app = null!;

    public async Task InitializeAsync()
    {
        _app = await LoopsApplication.StartAsync(services =>
        {
            services.AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask).Cron("0 3 * * *", "Europe/Berlin");
            services.AddRecurringTask("flaky", FailAsync).Every(TimeSpan.FromHours(6));
            services.AddRecurringTask<PollDevice, string>("devices").Every(TimeSpan.FromHours(1));
        });
        _app.Services.GetRequiredService<IRecurringTaskKeys<PollDevice, string>>().TryAdd("north");
        await _app.Host.AdvanceAsync(TimeSpan.FromDays(3)); // to Monday 06:00 UTC; on Sunday the clock is set forward
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Tasks_are_a_table()
    {
        var ran = await _app.RunAsync("tasks");

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Equal(
            "TASK     STATE    SCHEDULE                        LAST       ENDED                    NEXT                     "
            + "FAILURES     KEYS", ran.Lines[0]);
        Assert.Equal(
            "devices  waiting  every 1 h                       succeeded  2026-03-30 06:00:00 UTC  2026-03-30 07:00:00 UTC  "
            + "             1, 0 failing", ran.Lines[1]);
        Assert.StartsWith("flaky    waiting  every 6 h                       failed", ran.Lines[2], StringComparison.Ordinal);
        Assert.EndsWith("13 in a row", ran.Lines[2], StringComparison.Ordinal);
        Assert.Equal(
            "nightly  waiting  cron 0 3 * * * (Europe/Berlin)  succeeded  2026-03-30 01:00:00 UTC  2026-03-31 01:00:00 UTC",
            ran.Lines[3]);
    }

    [Fact]
    public async Task Tasks_are_filtered_and_their_times_are_in_a_zone()
    {
        var ran = await _app.RunAsync("tasks", "--text", "NIGHT", "--state", "waiting", "--zone", "Europe/Berlin");

        Assert.Equal(2, ran.Lines.Length);
        Assert.EndsWith("2026-03-31 03:00:00 +02:00", ran.Lines[1], StringComparison.Ordinal);
        Assert.Equal("There are no tasks.", (await _app.RunAsync("tasks", "--state", "Paused")).Output.Trim());
    }

    [Fact]
    public async Task The_JSON_of_tasks_has_what_is_documented()
    {
        var task = (await _app.RunAsync("tasks", "--json", "--text", "nightly")).Json.GetProperty("tasks")[0];

        Assert.Equal("nightly", task.GetProperty("name").GetString());
        Assert.Equal("Waiting", task.GetProperty("state").GetString());
        Assert.Equal("Europe/Berlin", task.GetProperty("zone").GetString());
        Assert.Equal("Succeeded", task.GetProperty("lastOutcome").GetString());
        Assert.Equal("2026-03-31T01:00:00+00:00", task.GetProperty("nextSlot").GetString());
        Assert.Equal(3, task.GetProperty("counts").GetProperty("succeeded").GetInt32());
        Assert.False(task.TryGetProperty("pause", out _));
    }

    [Fact]
    public async Task Why_says_which_time_it_took_and_what_happened()
    {
        var ran = await _app.RunAsync("why", "nightly", "--at", "03:00");

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Equal(
            "03:00 is taken as 2026-03-30 03:00:00 +02:00 in Europe/Berlin, the last one that has passed.", ran.Lines[0]);
        Assert.Contains("nightly", ran.Lines[1]);
        Assert.Contains("succeeded", ran.Lines[1], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("  slot before  2026-03-29 03:00:00 +02:00", ran.Lines);
        Assert.Contains("  slot after   2026-03-31 03:00:00 +02:00", ran.Lines);
    }

    [Fact]
    public async Task Why_takes_another_zone_and_a_key()
    {
        var ran = await _app.RunAsync("why", "devices", "--key", "north", "--at", "05:30", "--zone", "Asia/Kolkata", "--json");

        Assert.Equal("2026-03-30T05:30:00+05:30", ran.Json.GetProperty("at").GetString());
        Assert.Equal("Asia/Kolkata", ran.Json.GetProperty("zone").GetString());
        var explanation = ran.Json.GetProperty("explanation");
        Assert.Equal("north", explanation.GetProperty("key").GetString());
        Assert.Contains("north", explanation.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Why_shows_an_error_as_text()
    {
        var ran = await _app.RunAsync("why", "flaky", "--at", "06:00");

        Assert.Contains(@"\u001B[31mred", ran.Output);
        Assert.DoesNotContain('\u001b', ran.Output);
    }

    [Fact]
    public async Task Next_shows_slots_in_the_zone_of_the_task()
    {
        var ran = await _app.RunAsync("next", "nightly", "--count", "2");

        Assert.Equal(
            [
                "nightly: cron 0 3 * * * (Europe/Berlin), in Europe/Berlin",
                "SLOT",
                "2026-03-31 03:00:00 +02:00",
                "2026-04-01 03:00:00 +02:00",
            ],
            ran.Lines);
    }

    [Fact]
    public async Task History_is_a_table_with_pages()
    {
        var ran = await _app.RunAsync("history", "flaky", "--take", "2");

        Assert.StartsWith("SLOT                     OUTCOME  ", ran.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2026-03-30 06:00:00 UTC  failed   ", ran.Lines[1], StringComparison.Ordinal);
        Assert.Contains(@"\u001B[31mred", ran.Lines[1]);
        Assert.DoesNotContain('\u001b', ran.Output);
        var cursor = ran.Lines[3]["There are more: --cursor ".Length..];
        var next = await _app.RunAsync("history", "flaky", "--take", "1", "--cursor", cursor, "--json");
        Assert.Equal("2026-03-29T18:00:00+00:00",
            next.Json.GetProperty("entries")[0].GetProperty("record").GetProperty("slot").GetString());
    }

    [Fact]
    public async Task History_is_filtered()
    {
        var ran = await _app.RunAsync("history", "nightly", "--from", "2026-03-29 00:00", "--to", "03:00");

        Assert.Contains("--to 03:00 is taken as 2026-03-30 03:00:00 +02:00", ran.Errors);
        Assert.StartsWith("2026-03-29 03:00:00 +02:00  succeeded", Assert.Single(ran.Lines[1..]), StringComparison.Ordinal);
        Assert.Equal("There are no records.", (await _app.RunAsync("history", "nightly", "--failed")).Output.Trim());
    }

    [Fact]
    public async Task Preview_compares_with_the_task()
    {
        var ran = await _app.RunAsync("preview", "nightly", "--cron", "0 4 * * *");

        Assert.StartsWith("cron 0 4 * * * (Europe/Berlin): 366 slots from ", ran.Lines[0], StringComparison.Ordinal);
        Assert.Contains("0 stay, 366 are new, 366 are dropped.", ran.Lines[1]);
        Assert.Contains("2026-03-31 04:00:00 +02:00  new", ran.Output);
    }

    private static ValueTask FailAsync(Iteration iteration, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("\u001b[31mred");

    private sealed class PollDevice : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}
