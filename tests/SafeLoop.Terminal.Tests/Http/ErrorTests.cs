using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Terminal.Tests.Http;

public class ErrorTests
{
    [Fact]
    public async Task What_the_application_refuses_is_its_sentence_and_an_exit_code()
    {
        await using var app = await StartAsync(open => open.MapRecurringTasks().AllowAnonymous());

        await EndsAsync(app, ["next", "nighty"], TaskExitCode.NotFound, "did you mean 'nightly'?");
        await EndsAsync(app, ["why", "nightly", "--key", "x", "--at", "03:00"], TaskExitCode.Usage, "has no keys");
        await EndsAsync(app, ["pause", "nightly", "--reason", "test"], TaskExitCode.NotPermitted, "Operations are off.");
        await EndsAsync(app, ["command", Guid.NewGuid().ToString()], TaskExitCode.NotFound, "There is no command with the id");
        await EndsAsync(app, ["preview", "nightly", "--cron", "61 * * * *"], TaskExitCode.Usage, "minute 61");
    }

    [Theory]
    [InlineData("tasks x", "Unrecognized command")]
    [InlineData("next", "Give a task or --cron.")]
    [InlineData("next nightly --cron x", "exclude each other")]
    [InlineData("pause nightly --reason=", "--reason")]
    [InlineData("history nightly --take 0", "--take is '0', but it must be a whole number from 1 to 1000.")]
    [InlineData("history nightly --outcome 1", "--outcome is '1', but it must be one of")]
    [InlineData("preview nightly", "The new schedule is missing.")]
    [InlineData("preview --every 0", "--every is '0'")]
    [InlineData("tasks --url ftp://x/loops", "--url must be an address of http or https without a query")]
    [InlineData("tasks --url http://a:b@x/loops", "--url holds a user or a password.")]
    [InlineData("tasks --store x", "safeloop-store")]
    [InlineData("tasks", "--url http://localhost:5000/loops, or set SAFELOOP_URL")]
    [InlineData("tasks --url http://localhost/loops --header x", "--header must be a name, a colon and a value")]
    [InlineData("tasks --url http://localhost/loops --zone Mars", "Mars")]
    public async Task A_wrong_command_line_is_a_sentence(string line, string part)
    {
        var ran = await Terminal.RunAsync(line.Split(' '), () => new Answering(HttpStatusCode.OK, "{}"), TimeProvider.System);

        Assert.Equal(TaskExitCode.Usage, ran.Code);
        Assert.Contains(part, ran.Errors);
    }

    [Theory]
    [InlineData("http://user:s3cret@[bad")]
    [InlineData("http://localhost/loops?key=s3cret")]
    [InlineData("ftp://user:s3cret@x/loops")]
    public async Task A_wrong_address_is_not_repeated_because_it_may_hold_a_password(string url)
    {
        var ran = await Terminal.RunAsync(
            ["tasks", "--url", url], () => new Answering(HttpStatusCode.OK, "{}"), TimeProvider.System);

        Assert.Equal(TaskExitCode.Usage, ran.Code);
        Assert.DoesNotContain("s3cret", ran.Errors + ran.Output);
    }

    [Fact]
    public async Task A_server_that_repeats_its_cursor_is_asked_a_bounded_number_of_times()
    {
        var ran = await Terminal.RunAsync(
            ["tasks", "--url", Terminal.Url], () => new Answering(HttpStatusCode.OK, """{"tasks":[],"cursor":"again"}"""),
            TimeProvider.System);

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Contains("Only the first 0 tasks are shown.", ran.Errors + ran.Output);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, TaskExitCode.NotPermitted, "does not know who you are. Give a token")]
    [InlineData(HttpStatusCode.Forbidden, TaskExitCode.NotPermitted, "does not let you do this")]
    [InlineData(HttpStatusCode.Redirect, TaskExitCode.NotPermitted, "redirects to another page, probably to sign in")]
    [InlineData(HttpStatusCode.NotFound, TaskExitCode.Failed, "There is no API of SafeLoop at http://localhost/loops/")]
    [InlineData(HttpStatusCode.InternalServerError, TaskExitCode.Failed, "answered with the status 500")]
    [InlineData(HttpStatusCode.OK, TaskExitCode.Failed, "There is no API of SafeLoop")] // a page
    public async Task Another_server_is_recognized(HttpStatusCode status, int code, string part)
    {
        var ran = await Terminal.RunAsync(
            ["tasks", "--url", Terminal.Url], () => new Answering(status, "<html>", "text/html"), TimeProvider.System);

        Assert.Equal(code, ran.Code);
        Assert.Contains(part, ran.Errors);
    }

    [Fact]
    public async Task An_answer_of_another_version_is_a_sentence()
    {
        var ran = await Terminal.RunAsync(
            ["tasks", "--url", Terminal.Url], () => new Answering(HttpStatusCode.OK, """{"tasks":[{"name":1}]}"""),
            TimeProvider.System);

        Assert.Equal(TaskExitCode.Failed, ran.Code);
        Assert.Contains("cannot be read", ran.Errors);
        Assert.Contains("versions", ran.Errors);
    }

    [Fact]
    public async Task A_closed_port_is_a_sentence()
    {
        var ran = await Terminal.RunAsync(["tasks", "--url", "http://127.0.0.1:1/loops"], null, TimeProvider.System);

        Assert.Equal(TaskExitCode.Failed, ran.Code);
        Assert.StartsWith("http://127.0.0.1:1/loops/ cannot be reached: ", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_of_the_server_controls_no_terminal()
    {
        var ran = await Terminal.RunAsync(
            ["tasks", "--url", Terminal.Url],
            () => new Answering(HttpStatusCode.NotFound, """{"detail":"a\u001b[2Jb"}""", "application/problem+json"),
            TimeProvider.System);

        Assert.Equal(@"a\u001B[2Jb", ran.Errors.Trim());
        Assert.Equal(TaskExitCode.NotFound, ran.Code);
    }

    [Fact]
    public async Task Token_and_header_come_from_the_environment_and_are_never_shown()
    {
        await using var app = await StartAsync(open =>
        {
            open.Use((context, next) => context.Request.Headers.Authorization == "Bearer s3cret"
                && context.Request.Headers["X-Team"] == "ops" ? next(context) : Refuse(context));
            open.MapRecurringTasks().AllowAnonymous().AllowOperations();
        });
        var variables = new Dictionary<string, string>
        {
            ["SAFELOOP_URL"] = "http://loops.example/loops/",
            ["SAFELOOP_TOKEN"] = "s3cret",
            ["SAFELOOP_HEADER"] = "X-Team: ops",
        };

        var with = await RunAsync(["pause", "nightly", "--reason", "release"]);
        variables["SAFELOOP_TOKEN"] = "wr0ng";
        var without = await RunAsync(["tasks"]);
        variables["SAFELOOP_TOKEN"] = "wr\n0ng";
        var broken = await RunAsync(["tasks"]);

        Assert.Equal(TaskExitCode.Done, with.Code);
        Assert.Contains("sent unencrypted to loops.example", with.Errors);
        Assert.Equal(TaskExitCode.NotPermitted, without.Code);
        Assert.Equal(TaskExitCode.Usage, broken.Code);
        Assert.DoesNotContain("0ng", without.Errors + broken.Errors);

        Task<Ran> RunAsync(string[] args) => Terminal.RunAsync(
            args, app.CreateHandler, TimeProvider.System, name => variables.GetValueOrDefault(name));

        static Task Refuse(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }
    }

    private static Task<LoopsApplication> StartAsync(Action<WebApplication> map) => LoopsApplication.StartAsync(
        services => services.AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask).Cron("0 3 * * *"), map);

    private static async Task EndsAsync(LoopsApplication app, string[] args, int code, string part)
    {
        var ran = await app.RunAsync(args);

        Assert.Contains(part, ran.Errors);
        Assert.Equal(code, ran.Code);
        Assert.Empty(ran.Output);
    }
}
