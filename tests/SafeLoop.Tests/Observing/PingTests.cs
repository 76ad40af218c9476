using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Hosting;
using SafeLoop.Tests.Tasks;

namespace SafeLoop.Tests.Observing;

public sealed class PingTests
{
    private readonly PingService _service = new();

    [Fact]
    public void The_service_gets_each_start_and_how_it_ended()
    {
        using var host = Run(SlowAsync);
        host.Advance(150.Seconds);

        Assert.Equal(["/start", "", "/start", "/fail", "/start", ""], _service.Requests);
    }

    [Fact]
    public void A_time_out_is_a_failure()
    {
        using var host = Run((_, token) => Cancelled.By(token), task => task.WithTimeout(5.Seconds));
        host.Advance(5.Seconds);
        host.WaitFor(LoopEventKind.IterationEnded, 1);

        Assert.Equal(["/start", "/fail"], _service.Requests);
    }

    [Fact]
    public void What_is_skipped_or_interrupted_is_neither()
    {
        using var host = Run((_, token) => Cancelled.By(token));
        host.Advance(1.Minutes);
        host["task"].Stop();
        host.WaitFor(LoopEventKind.LoopEnded, 1);

        Assert.Equal(
            [IterationOutcome.Skipped, IterationOutcome.Interrupted], host.Records().Select(record => record.Outcome));
        Assert.Equal(["/start"], _service.Requests);
    }

    [Fact]
    public void What_was_just_said_is_not_repeated()
    {
        using var host = Run(
            (iteration, _) => iteration.Number is 5 or 6 ? throw new FormatException() : default, period: 10.Seconds);
        host.Advance(60.Seconds);

        Assert.Equal(["", "", "/fail", ""], _service.Requests); // of the iterations 1, 4, 5 and 7
    }

    [Fact]
    public void A_service_that_does_not_answer_delays_nothing_and_holds_one_request_and_the_newest_outcome()
    {
        _service.IsHanging = true;
        using var host = Run(
            (iteration, _) => iteration.Number == 2 ? throw new FormatException() : default, period: 3.Seconds);
        using var meter = new RecordingMeter(host);
        host.Advance(9.Seconds);

        Assert.Equal([0, 3, 6, 9], host.Records().Select(record => (record.Started - LoopHost.Start).TotalSeconds));
        Assert.Equal([""], _service.Requests);

        host.Advance(1.Seconds);
        Assert.Equal(["", ""], _service.Requests); // the failure of the second iteration was dropped
        Assert.Equal("A ping to https://hc.example did not arrive: it did not answer within 10 s",
            Assert.Single(host.Observer.Of(LoopEventKind.Fault)).Text);
        _service.Release();
        host.Settle();
        Assert.Equal(
            ["dropped", "failed", "sent"],
            meter.Of("safeloop.pings").Select(count => count.Replace("1 safeloop.task=task safeloop.ping.result=", "")));
    }

    [Fact]
    public void A_start_does_not_push_out_how_the_iteration_before_ended()
    {
        var time = new VirtualClock(LoopHost.Start);
        var queue = new PingQueue(time);

        Assert.True(queue.Add(new("a", PingKind.Start), out _));
        Assert.Equal(PingKind.Start, queue.Take()?.Kind);
        Assert.False(queue.Add(new("a", PingKind.Success), out _));
        time.MoveTo(40 * TimeSpan.TicksPerSecond);
        Assert.False(queue.Add(new("a", PingKind.Start), out var hasDropped));

        Assert.False(hasDropped);
        Assert.Equal(PingKind.Success, queue.Take()?.Kind);
        Assert.Null(queue.Take());
    }

    [Theory]
    [InlineData((HttpStatusCode)0, "HttpRequestException: No route to https://hc.example.")]
    [InlineData(HttpStatusCode.TooManyRequests, "it answered 429")]
    public void Pings_that_do_not_arrive_are_one_fault_and_one_line_when_they_do_again(HttpStatusCode answer, string why)
    {
        _service.Answer = answer;
        using var host = Run((_, _) => default);
        host.Advance(3.Minutes);
        var text = Assert.Single(host.Observer.Of(LoopEventKind.Fault)).Text!;
        _service.Answer = HttpStatusCode.OK;
        host.Advance(3.Minutes);

        Assert.Equal($"A ping to https://hc.example did not arrive: {why}", text.Replace("System.Net.Http.", ""));
        Assert.Equal("The pings of 'task' arrive again", Assert.Single(host.Logs.Lines, line => line.Id == 28).Text);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(7, host["task"].Snapshot().Succeeded);
    }

    [Fact]
    public void The_stop_of_the_host_waits_for_the_last_ping()
    {
        _service.IsHanging = true;
        using var host = Run((_, _) => default);
        var stopped = host.StopHost();

        Assert.False(stopped.IsCompleted);
        _service.Release();
        host.Wait(stopped);
        Assert.Equal([""], _service.Requests);
    }

    [Fact]
    public void In_virtual_time_nothing_is_sent()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(1.Minutes)
            .PingAfter("http://127.0.0.1:1"));
        host.Advance(1.Minutes);

        Assert.Empty(host.Observer.Of(LoopEventKind.Fault));
    }

    [Theory]
    [InlineData("https://hc.example/ping/x?state=a%20b", "https://hc.example/ping/x/start?state=a%20b")]
    [InlineData("http://hc.example:8000/a%2Fb/", "http://hc.example:8000/a%2Fb/start")]
    [InlineData("https://hc.example", "https://hc.example/start")]
    public void The_kind_stands_behind_the_path(string address, string url) =>
        Assert.Equal(url, new Ping(address, PingKind.Start).ToUrl().AbsoluteUri);

    [Theory]
    [InlineData("hc.example/ping/secret")]
    [InlineData("/ping/secret")]
    [InlineData("ftp://hc.example/secret")]
    [InlineData("secret")]
    public void An_address_that_is_no_url_is_refused_and_not_shown(string address) => Assert.Equal(
        "Recurring task 'task': PingAfter is no absolute http or https URL. "
        + "Set it to the URL that the monitoring service has given you.",
        InvalidTasks.Problem(task => task.Every(1.Minutes).PingAfter(address)));

    [Fact]
    public void A_keyed_task_is_refused() => Assert.Equal(
        "Recurring task 'task': PingAfter has one URL, which cannot say which of its keys failed. Remove it, and let an ordinary "
        + "task with PingAfter check the keys, or alert on the metric safeloop.keys.failing.",
        Assert.Single(InvalidTasks.Problems(services => services.AddRecurringTask<PerKey, string>("task").Every(1.Minutes)
            .Configure(options => options.PingAfter = PingService.Url))));

    private static async ValueTask SlowAsync(Iteration iteration, CancellationToken cancellationToken)
    {
        await Task.Delay(1.Seconds, iteration.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        if (iteration.Number == 2)
            throw new FormatException();
    }

    private LoopHost Run(
        Func<Iteration, CancellationToken, ValueTask> step,
        Action<IRecurringTaskBuilder>? configure = null,
        TimeSpan? period = null) =>
        LoopHost.Run(services =>
        {
            _service.AddTo(services);
            var task = services.AddRecurringTask("task", step).Every(period ?? 1.Minutes).PingAfter(PingService.Url);
            configure?.Invoke(task);
        });

    private sealed class PerKey : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}
