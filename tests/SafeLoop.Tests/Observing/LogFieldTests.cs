using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Observing;

/// <summary>Log lines carry the bare name of the task and the key as fields, so that logs and metrics can be joined.</summary>
public class LogFieldTests
{
    private static readonly Exception Error = new InvalidOperationException("on purpose");

    [Fact]
    public void A_line_about_a_key_has_the_bare_name_of_the_task_and_the_key_as_fields()
    {
        using var poll = Failing();

        var lines = LinesOf(poll.Host);
        Assert.True(lines.Select(line => line.Id).ToHashSet().IsSupersetOf([4, 10, 11, 12, 13, 26]), string.Join(' ', lines));
        Assert.All(lines, line => Assert.Equal(("poll", "a"), (line.Field("Task"), line.Field("Key"))));
    }

    [Fact]
    public void Its_text_and_its_template_name_the_key_too()
    {
        using var poll = Failing();

        var line = LinesOf(poll.Host).First(line => line.Id == 12);
        Assert.Equal("Iteration 1 of 'poll[a]' failed after 0 ms; the loop goes on", line.Text);
        Assert.Equal(
            "Iteration {Iteration} of '{Task}[{Key}]' failed after {ElapsedMs:0.###} ms; {Consequence}{Trace}", line.Template);
        Assert.Equal(["Task", "Iteration", "ElapsedMs", "Consequence", "Trace", "Key"], line.Fields.Select(field => field.Key));
    }

    [Fact]
    public void A_line_about_an_ordinary_task_has_no_key()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (_, _) => throw Error).Every(10.Seconds));
        host.Advance(10.Seconds);

        var line = host.Logs.Lines.First(line => line.Id == 12);
        Assert.Equal("task", line.Field("Task"));
        Assert.DoesNotContain(line.Fields, field => field.Key == "Key");
        Assert.StartsWith("Iteration {Iteration} of '{Task}' failed", line.Template, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_is_named_behind_its_task_where_the_text_has_the_same_words_elsewhere()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask<Fails, string>("Observer").Every(10.Seconds));
        host.Services.GetRequiredService<IRecurringTaskKeys<Fails, string>>().TryAdd("'Observer'");
        host.Settle();

        Assert.Equal(
            "Iteration 1 of 'Observer['Observer']' failed after 0 ms; the loop goes on",
            host.Logs.Lines.First(line => line.Id == 12).Text);
    }

    [Fact]
    public void A_warning_about_the_options_of_a_task_carries_its_name()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", Steps.None).Every(10.Seconds).WithTimeout(1.Minutes));

        var line = Assert.Single(host.Logs.Lines, line => line.Id == 41);
        Assert.Equal("task", line.Field("Task"));
        Assert.StartsWith("Recurring task 'task': Timeout (00:01:00) is longer than Every", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_is_the_same_in_scope_and_lines_and_one_printable_line()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask<Fails, string>("task").Every(10.Seconds));
        host.Services.GetRequiredService<IRecurringTaskKeys<Fails, string>>().TryAdd("a\nb");
        host.Settle();

        Assert.Equal(@"a\nb", host.Logs.Lines.First(line => line.Id == 12).Field("Key"));
    }

    [Fact]
    public void The_text_of_a_key_is_read_only_for_a_line_that_is_written()
    {
        var key = new Counted();
        using var host = LoopHost.Run(services =>
        {
            services.AddLogging(logging => logging.AddFilter("SafeLoop", LogLevel.Error)
                .AddFilter("SafeLoop.Scopes", LogLevel.None));
            services.AddRecurringTask<Fails, Counted>("task").Every(10.Seconds);
        });
        host.Services.GetRequiredService<IRecurringTaskKeys<Fails, Counted>>().TryAdd(key);
        host.Settle();
        Assert.Equal(0, key.Reads); // the first failure is a warning

        host.Advance(10.Seconds);
        Assert.Equal(1, key.Reads); // the second is an error
    }

    private static PollHost Failing()
    {
        var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, iteration, _) => iteration.Number <= 2 ? throw Error : default;
        poll.Add("a");
        poll.Advance(25);
        return poll;
    }

    private static List<LogLine> LinesOf(LoopHost host) => [.. host.Logs.Lines.Where(line =>
        line.Text.Contains("'poll", StringComparison.Ordinal)
        && line.Text.Contains("[a]", StringComparison.Ordinal))];

    private sealed class Fails : IRecurringTask<string>, IRecurringTask<Counted>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => throw Error;

        public ValueTask RunAsync(Counted key, Iteration iteration, CancellationToken cancellationToken) => throw Error;
    }

    private sealed class Counted
    {
        public int Reads { get; private set; }

        public override string ToString() => (++Reads).ToString(CultureInfo.InvariantCulture);
    }
}
