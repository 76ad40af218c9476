using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Operations are commands: with a reason, the name of the user, an id, and a result that can be followed.</summary>
public sealed class OperationTests
{
    private readonly List<DateTimeOffset> _runs = [];

    [Fact]
    public async Task A_pause_says_who_and_why_and_can_be_followed()
    {
        await using var host = await StartAsync(app => app.MapRecurringTasks().RequireAuthorization().AllowOperations());
        host.Client.DefaultRequestHeaders.Add(HeaderAuthentication.Header, "ann");
        var until = host.Time.Now.AddHours(1);

        var answer = await PostAsync(host, "pause", new { task = "PRICES", reason = " release ", until });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var pause = host.Time["prices"].Snapshot().Pause!;
        Assert.Equal(("release", "ann", until), (pause.Reason, pause.By, pause.Until));
        Assert.Equal($"command?id={(await answer.ReadAsync()).Text("command", "id")}", answer.Headers.Location?.ToString());
        var followed = await host.GetAsync(answer.Headers.Location!.ToString());
        Assert.Equal("paused", followed.Text("text"));
    }

    [Fact]
    public async Task Each_operation_does_what_its_name_says()
    {
        await using var host = await StartAsync();
        var task = host.Time["prices"];

        await AcceptAsync(host, "pause");
        Assert.Equal(RecurringTaskState.Paused, task.State);
        await AcceptAsync(host, "resume");
        Assert.Equal(RecurringTaskState.Waiting, task.State);
        await AcceptAsync(host, "run");
        Assert.Equal(2, _runs.Count);
        await AcceptAsync(host, "stop");
        Assert.Equal(RecurringTaskState.Ended, task.State);
        await AcceptAsync(host, "start");
        Assert.Equal(RecurringTaskState.Waiting, task.State);
        await AcceptAsync(host, "change", new { every = "00:00:05" });
        Assert.Equal(TimeSpan.FromSeconds(5), task.Options.Every);
        await AcceptAsync(host, "change", null);
        Assert.Equal(TimeSpan.FromMinutes(1), task.Options.Every);
        await AcceptAsync(host, "cancel");
    }

    [Fact]
    public async Task With_a_wait_the_answer_has_the_result()
    {
        await using var host = await StartAsync();
        host.Client.DefaultRequestHeaders.Add("Prefer", "respond-async, wait=10");

        var answer = await PostAsync(host, "pause", new { task = "prices", reason = "x" });

        Assert.Equal("Completed", (await answer.ReadAsync()).Text("state"));
        Assert.Equal("wait", Assert.Single(answer.Headers.GetValues("Preference-Applied")));
    }

    [Fact]
    public async Task An_operation_that_is_sent_twice_is_done_once()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        await PostAsync(host, "run", new { id, task = "prices", reason = "x" });
        await PostAsync(host, "run", new { id, task = "prices", reason = "x" });
        await host.Time.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal(2, _runs.Count);
    }

    [Fact]
    public async Task The_id_of_another_command_is_refused()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await PostAsync(host, "pause", new { id, task = "prices", reason = "x" });

        var answer = await PostAsync(host, "resume", new { id, task = "prices", reason = "x" });

        Assert.Equal(
            $"The id {id} is that of another command (Pause of 'prices'). Nothing was done. Send each operation with an id of "
                + "its own.",
            await answer.ReadProblemAsync(HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest, "task is missing. Give the name of the task.")]
    [InlineData("{'task':'prices'}", HttpStatusCode.BadRequest, "reason is missing. Say why, for the log of commands.")]
    [InlineData("{'task':'prices','reason':' '}", HttpStatusCode.BadRequest,
        "reason is missing. Say why, for the log of commands.")]
    [InlineData("{'task':'other','reason':'x'}", HttpStatusCode.NotFound, "There is no recurring task named 'other'.")]
    [InlineData("{'task':'prices','key':'7','reason':'x'}", HttpStatusCode.BadRequest,
        "Recurring task 'prices' has no keys, but the command names the key '7'. Leave it out.")]
    [InlineData("{'task':'prices','reason':'x','until':'2020-01-01T00:00:00Z'}", HttpStatusCode.BadRequest,
        "Until (2020-01-01T00:00:00.0000000+00:00) is past in the pause of task 'prices'. Set it to a later instant, or to "
        + "null.")]
    [InlineData("{'task':'prices','reason':'x'} {}", HttpStatusCode.BadRequest,
        "The body is no JSON of the expected form. Correct it.")]
    [InlineData("{'task':'prices','reason':'x','until':'2027-01-01T00:00:00'}", HttpStatusCode.BadRequest,
        "The body is no JSON of the expected form at '$.until'. Correct it.")]
    [InlineData("{'task':'prices','reason':'x','options':7}", HttpStatusCode.BadRequest, "*")]
    [InlineData("null", HttpStatusCode.BadRequest, "The body is null. Send a JSON object.")]
    [InlineData("{", HttpStatusCode.BadRequest, "*")]
    [InlineData("", HttpStatusCode.BadRequest, "*")]
    public async Task What_is_wrong_is_said_in_a_sentence(string body, HttpStatusCode status, string sentence)
    {
        await using var host = await StartAsync();
        using var content = new StringContent(body.Replace('\'', '"'), Encoding.UTF8, "application/json");

        var detail = await (await host.Client.PostAsync("/loops/api/pause", content)).ReadProblemAsync(status);

        Assert.Equal(sentence == "*" ? detail : sentence, detail);
    }

    [Fact]
    public async Task Options_that_configuration_does_not_know_are_refused()
    {
        await using var host = await StartAsync();

        var answer = await PostAsync(host, "change", new { task = "prices", reason = "x", options = new { evry = "00:00:05" } });

        Assert.Contains("evry", await answer.ReadProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Only_JSON_of_a_sensible_size_is_read()
    {
        await using var host = await StartAsync();
        using var form = new FormUrlEncodedContent([new("task", "prices"), new("reason", "x")]);

        await (await host.Client.PostAsync("/loops/api/pause", form)).ReadProblemAsync(HttpStatusCode.UnsupportedMediaType);
        var large = await PostAsync(host, "pause", new { task = "prices", reason = new string('x', 70_000) });
        await large.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        var longer = await PostAsync(host, "pause", new { task = "prices", reason = new string('x', 1_001) });
        Assert.Contains("at most 1,000", await longer.ReadProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Without_a_grant_operations_are_off_whatever_the_reader_may()
    {
        await using var host = await StartAsync(app => app.MapRecurringTasks().AllowAnonymous());

        var answer = await PostAsync(host, "pause", new { task = "prices", reason = "x" });

        Assert.StartsWith("Operations are off.", await answer.ReadProblemAsync(HttpStatusCode.Forbidden));
        Assert.Equal(RecurringTaskState.Waiting, host.Time["prices"].State);
    }

    [Fact]
    public async Task A_user_without_the_right_is_refused_and_one_who_is_not_known_is_challenged()
    {
        await using var host = await StartAsync(app => app.MapRecurringTasks().AllowAnonymous().AllowOperations("operators"));
        var body = new { task = "prices", reason = "x" };

        await (await PostAsync(host, "pause", body)).ReadProblemAsync(HttpStatusCode.Unauthorized);
        host.Client.DefaultRequestHeaders.Add(HeaderAuthentication.Header, "ann");
        var refused = await PostAsync(host, "pause", body);
        Assert.Equal(
            "You may not do this (Pause) to 'prices'.", await refused.ReadProblemAsync(HttpStatusCode.Forbidden));
        host.Client.DefaultRequestHeaders.Remove(HeaderAuthentication.Header);
        host.Client.DefaultRequestHeaders.Add(HeaderAuthentication.Header, "bob/operator");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(host, "pause", body)).StatusCode);
        Assert.Equal("bob", host.Time["prices"].Snapshot().Pause?.By);
    }

    private static async Task AcceptAsync(DashboardHost host, string operation, object? options = null)
    {
        var answer = await PostAsync(host, operation, new { task = "prices", reason = "test", options });
        Assert.True(answer.StatusCode is HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        await host.Time.AdvanceAsync(TimeSpan.Zero);
    }

    private static Task<HttpResponseMessage> PostAsync(DashboardHost host, string operation, object body) =>
        host.Client.PostAsync($"/loops/api/{operation}", JsonContent.Create(body, options: JsonSerializerOptions.Web));

    private async Task<DashboardHost> StartAsync(Action<WebApplication>? map = null)
    {
        var host = await DashboardHost.StartAsync(
            builder =>
            {
                builder.Services.AddRecurringTask("prices", (Iteration iteration, CancellationToken _) =>
                {
                    _runs.Add(iteration.Slot);
                    return ValueTask.CompletedTask;
                }).Every(TimeSpan.FromMinutes(1));
                builder.Services.AddAuthorizationBuilder().AddPolicy("operators", policy => policy.RequireRole("operator"));
            },
            map ?? (app => app.MapRecurringTasks().AllowAnonymous().AllowOperations()));
        host.Client.DefaultRequestHeaders.Add("X-SafeLoop", "1");
        return host;
    }
}
