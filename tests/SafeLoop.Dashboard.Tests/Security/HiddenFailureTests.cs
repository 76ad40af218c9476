using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SafeLoop.Storage;

namespace SafeLoop.Dashboard.Tests;

/// <summary>What user code throws is for the log: its type decides no status, and its message reaches no client.</summary>
public sealed class HiddenFailureTests
{
    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(KeyNotFoundException))]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(NotSupportedException))]
    public async Task A_policy_that_throws_refuses(Type type)
    {
        await using var host = await StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IAuthorizationHandler>(new ThrowingHandler(type));
                builder.Services.AddAuthorizationBuilder().AddPolicy("act", policy => policy.AddRequirements(new Requirement()));
            },
            app => app.MapRecurringTasks().AllowAnonymous().AllowOperations("act"));

        var answer = await host.Client.PostAsJsonAsync("/loops/api/pause", new { task = "prices", reason = "x" });

        Assert.Equal(
            "The policy that decides this has failed. The log of the application says why.",
            await answer.ReadProblemAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Null(host.Time["prices"].Snapshot().Pause);
    }

    [Theory]
    [InlineData("api/history")]
    [InlineData("api/instances")]
    [InlineData("api/commands")]
    [InlineData("instances")]
    [InlineData("commands")]
    public async Task A_store_that_fails_is_unavailable_and_its_message_is_hidden(string path)
    {
        await using var host = await StartAsync(
            builder => builder.Services.AddRecurringTaskStore(db => db.UseSqlite("Data Source=/no/such/folder/secret.db")),
            app => app.MapRecurringTasks().AllowAnonymous());

        var answer = await host.Client.GetAsync($"/loops/{path}");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("The log of the application says why.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_during_an_operation_on_many_is_unavailable_and_its_message_is_hidden()
    {
        await using var host = await StartAsync(
            builder => builder.Services.AddRecurringTaskStore(db => db.UseSqlite("Data Source=/no/such/folder/secret.db")),
            app => app.MapRecurringTasks().AllowAnonymous().AllowOperations());
        var list = await host.Client.PostAsJsonAsync("/loops/api/bulk", new { kind = "Pause", text = "pri", reason = "x" });
        var fingerprint = (await list.ReadAsync()).Text("fingerprint");

        var answer = await host.Client.PostAsJsonAsync(
            "/loops/api/bulk", new { kind = "Pause", text = "pri", reason = "x", fingerprint });
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_store_says_of_its_argument_is_hidden_also_with_a_cursor()
    {
        await using var host = await StartAsync(
            builder => builder.Services.AddSingleton(DispatchProxy.Create<IRecurringTaskStore, RefusingStore>()),
            app => app.MapRecurringTasks().AllowAnonymous());

        var answer = await host.Client.GetAsync("/loops/api/history?cursor=x");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_answers_nonsense_is_unavailable()
    {
        var entry = new HistoryEntry
        {
            TaskName = "prices",
            Record = new() { Slot = DateTimeOffset.UnixEpoch, Outcome = IterationOutcome.Skipped, Count = long.MaxValue },
        };
        var reader = new CountingReader { Latest = [entry, entry] };
        await using var host = await StartAsync(
            builder => builder.Services.AddSingleton<IRecurringTaskReader>(reader),
            app => app.MapRecurringTasks().AllowAnonymous());

        var page = await host.PageAsync("", HttpStatusCode.ServiceUnavailable);

        Assert.Contains("The store has failed.", page.Text("#problem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_message_of_a_validator_is_hidden_on_pages_too()
    {
        await using var host = await StartAsync(
            builder => builder.Services.AddSingleton<IValidateOptions<RecurringTaskOptions>>(new Validator()),
            app => app.MapRecurringTasks().AllowAnonymous().AllowOperations());
        var (id, options) = (Guid.NewGuid(), new { Every = "00:00:07" });
        await host.Client.PostAsJsonAsync("/loops/api/change", new { id, task = "prices", reason = "x", options });
        await host.Time.AdvanceAsync(TimeSpan.Zero);

        var commands = await host.PageAsync("commands");
        var task = await host.PageAsync($"task?task=prices&command={id}");

        Assert.Contains("rejected: (hidden)", commands.Text("#commands"), StringComparison.Ordinal);
        Assert.Contains("rejected: (hidden)", task.Text("#command"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", commands.Text("main") + task.Text("main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_host_of_the_address_of_a_ping_is_shown()
    {
        await using var host = await StartAsync(
            _ => { }, app => app.MapRecurringTasks().AllowAnonymous().AllowOperations().ShowErrors());
        var options = new Dictionary<string, string> { ["pingafter"] = "https://pings.example/secret", ["Every"] = "00:00:07" };
        var answer = await host.Client.PostAsJsonAsync("/loops/api/change", new { task = "prices", reason = "x", options });
        await host.Time.AdvanceAsync(TimeSpan.Zero);

        foreach (var path in (string[])["api/commands", "api/tasks", "api/task?task=prices", "commands", "task?task=prices"])
        {
            var text = await host.Client.GetStringAsync($"/loops/{path}");
            Assert.Contains("pings.example", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<DashboardHost> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var host = await DashboardHost.StartAsync(
            builder =>
            {
                builder.Services.AddRecurringTask("prices", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
                configure(builder);
            },
            map);
        host.Client.DefaultRequestHeaders.Add("X-SafeLoop", "1");
        return host;
    }

    private sealed class Requirement : IAuthorizationRequirement;

    private sealed class ThrowingHandler(Type type) : AuthorizationHandler<Requirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Requirement requirement) =>
            throw (Exception)Activator.CreateInstance(type, "secret")!;
    }

    /// <summary>Accepts a change when it is sent, and not when it is carried out, as another host may.</summary>
    private sealed class Validator : IValidateOptions<RecurringTaskOptions>
    {
        private int _calls;

        public ValidateOptionsResult Validate(string? name, RecurringTaskOptions options) =>
            options.Every == TimeSpan.FromSeconds(7) && Interlocked.Increment(ref _calls) > 1
                ? ValidateOptionsResult.Fail("secret")
                : ValidateOptionsResult.Success;
    }

    public class RefusingStore : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name is nameof(IRecurringTaskStore.FindProblems) ? Array.Empty<string>()
            : throw new ArgumentException("The connection string names the server 'secret'.");
    }
}
