using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Why a host has rejected a change may be the message of a validator, and is a text of an error.</summary>
public sealed class RejectedChangeTests
{
    private static readonly TimeSpan Rejected = TimeSpan.FromMinutes(9);

    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task No_page_and_no_answer_of_the_API_says_it_to_a_reader()
    {
        await using var host = await StartAsync(app => app.MapRecurringTasks().AllowAnonymous());

        foreach (var path in Paths())
        {
            var text = await host.Client.GetStringAsync($"/loops/{path}");
            Assert.DoesNotContain("secret", text);
            Assert.Contains("rejected: (hidden)", text);
        }
    }

    [Fact]
    public async Task It_is_shown_where_errors_are()
    {
        await using var host = await StartAsync(app => app.MapRecurringTasks().AllowAnonymous().ShowErrors());

        foreach (var path in Paths())
            Assert.Contains("secret", await host.Client.GetStringAsync($"/loops/{path}"));
    }

    private string[] Paths() =>
        ["commands", "commands?task=import", $"task?task=import&command={_id}", "api/commands", $"api/command?id={_id}"];

    private async Task<DashboardHost> StartAsync(Action<WebApplication> map)
    {
        var host = await DashboardHost.StartAsync(
            builder =>
            {
                builder.Services.AddRecurringTask("import", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
                builder.Services.AddSingleton<IValidateOptions<RecurringTaskOptions>, SecondThoughts>();
            },
            map);
        await host.Services.GetRequiredService<IRecurringTaskCommands>().SendAsync(new()
        {
            Id = _id, TaskName = "import", Kind = TaskCommandKind.Change, Reason = "slower", Options = """{"Every":"00:09:00"}""",
        });
        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(10));
        return host;
    }

    /// <summary>Accepts a change when it is sent, as the sender's host may, and rejects it where it is carried out.</summary>
    private sealed class SecondThoughts : IValidateOptions<RecurringTaskOptions>
    {
        private int _asked;

        public ValidateOptionsResult Validate(string? name, RecurringTaskOptions options) =>
            options.Every == Rejected && Interlocked.Increment(ref _asked) > 1
                ? ValidateOptionsResult.Fail("secret")
                : ValidateOptionsResult.Success;
    }
}
