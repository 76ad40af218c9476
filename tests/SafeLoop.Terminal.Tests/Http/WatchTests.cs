using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.Terminal.Tests.Http;

public class WatchTests
{
    private const string NoTasks = """{"tasks":[]}""";

    [Theory]
    [InlineData(false, "There are no tasks.\n\nThere are no tasks.\n")]
    [InlineData(true, "{\"tasks\":[],\"notes\":[]}\n{\"tasks\":[],\"notes\":[]}\n")]
    public async Task It_shows_it_again_after_the_interval_until_it_is_cancelled(bool isJson, string expected)
    {
        var (time, server) = (new FakeTimeProvider(), new Answers());
        using var output = new WatchedOutput();
        using var cancelled = new CancellationTokenSource();
        string[] args = ["tasks", "--watch", "--interval", "2", "--url", Terminal.Url];
        var running = Terminal.RunAsync(
            isJson ? [.. args, "--json"] : args, () => server, time, cancelled: cancelled.Token, output: output);
        await output.WhenShownAsync();
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, server.Count);

        time.Advance(TimeSpan.FromSeconds(0.1));
        await output.WhenShownAsync();
        await cancelled.CancelAsync();
        var ran = await running;

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Equal(expected, ran.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_failure_is_shown_and_the_next_time_succeeds()
    {
        var (time, server) = (new FakeTimeProvider(), new Answers { FailsAt = 2 });
        using var output = new WatchedOutput();
        using var cancelled = new CancellationTokenSource();
        var running = Terminal.RunAsync(
            ["tasks", "--watch", "--interval", "1", "--url", Terminal.Url], () => server, time, cancelled: cancelled.Token,
            output: output);
        await output.WhenShownAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await server.WhenFailedAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await output.WhenShownAsync();
        await cancelled.CancelAsync();
        var ran = await running;

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Contains("answered with the status 503", ran.Errors);
    }

    [Fact]
    public async Task A_first_failure_ends_it()
    {
        var ran = await Terminal.RunAsync(
            ["tasks", "--watch", "--url", Terminal.Url], () => new Answers { FailsAt = 1 }, new FakeTimeProvider());

        Assert.Equal(TaskExitCode.Failed, ran.Code);
    }

    private sealed class Answers : HttpMessageHandler
    {
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; private set; }

        public int FailsAt { get; init; }

        public Task WhenFailedAsync() => _failed.Task;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (++Count != FailsAt)
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(NoTasks, System.Text.Encoding.UTF8, "application/json"),
                });
            _failed.TrySetResult();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        }
    }
}
