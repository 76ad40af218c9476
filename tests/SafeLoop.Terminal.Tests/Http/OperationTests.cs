using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Terminal.Tests.Http;

public class OperationTests
{
    [Fact]
    public async Task A_command_is_followed_to_its_result()
    {
        await using var app = await LoopsApplication.StartAsync(services =>
        {
            services.AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask).Cron("0 3 * * *", "Europe/Berlin");
            services.AddRecurringTask("flaky", FailAsync).Cron("0 3 * * *");
        });

        var run = await app.RunAsync(TimeProvider.System, "run", "NIGHTLY", "--reason", "The report was empty.");
        var failed = await app.RunAsync(TimeProvider.System, "run", "flaky", "--reason", "Again.", "--json");
        var paused = await app.RunAsync(
            app.Services.GetRequiredService<TimeProvider>(), "pause", "nightly", "--reason", "Release.", "--until", "06:00");
        var shown = await app.RunAsync("tasks", "--text", "nightly", "--json");
        var resumed = await app.RunAsync(TimeProvider.System, "resume", "nightly", "--reason", "Released.");

        Assert.Equal("RunNow nightly: Succeeded", run.Lines[0]);
        Assert.Equal(TaskExitCode.Done, run.Code);
        Assert.Equal(TaskExitCode.Unsuccessful, failed.Code);
        Assert.Equal("Completed", failed.Json.GetProperty("state").GetString());
        Assert.Equal("Failed", failed.Json.GetProperty("text").GetString());
        Assert.Contains("06:00 is taken as 2026-03-28 06:00:00 +01:00 in Europe/Berlin, the next one.", paused.Errors);
        Assert.Equal("Pause nightly: paused", paused.Lines[0]);
        var pause = shown.Json.GetProperty("tasks")[0].GetProperty("pause");
        Assert.Equal("Release.", pause.GetProperty("reason").GetString());
        Assert.Equal("2026-03-28T05:00:00+00:00", pause.GetProperty("until").GetString());
        Assert.Equal(TaskExitCode.Done, resumed.Code);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_the_limit_is_pending_and_can_be_followed_later()
    {
        var gate = new TaskCompletionSource();
        await using var app = await LoopsApplication.StartAsync(services =>
            services.AddRecurringTask("slow", async (_, _) => await gate.Task).Cron("0 3 * * *"));

        var pending = await app.RunAsync(TimeProvider.System, "run", "slow", "--reason", "Now.", "--timeout", "0");
        var id = pending.Lines[^1].Split('`')[1].Split(' ')[1];
        gate.SetResult();
        var followed = await app.RunAsync(TimeProvider.System, "command", id);

        Assert.Equal(TaskExitCode.Pending, pending.Code);
        Assert.Equal($"It has no result yet. `command {id}` waits for it.", pending.Lines[^1]);
        Assert.Equal("RunNow slow: Succeeded", followed.Lines[0]);
        Assert.Equal(TaskExitCode.Done, followed.Code);
    }

    private static ValueTask FailAsync(Iteration iteration, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("It fails.");
}
