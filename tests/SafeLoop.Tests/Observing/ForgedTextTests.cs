using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests.Hosting;

namespace SafeLoop.Tests.Observing;

/// <summary>
/// Untrusted text forges no line: keys, names, reasons and values are one line each in logs, health and errors.
/// </summary>
public class ForgedTextTests
{
    private const string Forged = "a\n2026-01-01 crit: FORGED \u001b[2J\u202E";
    private const string Escaped = @"a\n2026-01-01 crit: FORGED \u001B[2J\u202E";

    [Fact]
    public async Task A_key_forges_nothing_in_logs_and_health()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            services.AddRecurringTask<Fails, string>("task").Every(10.Seconds).WithTimeout(1.Seconds)
                .OnFailure(_ => throw new FormatException());
        });
        host.Services.GetRequiredService<IRecurringTaskKeys<Fails, string>>().TryAdd(Forged);
        host.Advance(20.Seconds);
        var health = await Health(host);

        Assert.All(OurLines(host), line => Assert.DoesNotContain('\n', line.Text));
        Assert.Contains(host.Logs.Lines, line => line.Text.Contains($"'task[{Escaped}]' failed", StringComparison.Ordinal));
        Assert.Contains($"'{Escaped}'", health, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', health);
    }

    [Fact]
    public void A_key_is_as_long_in_a_line_as_a_name_may_be()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<Fails, string>("task").Every(10.Seconds));
        host.Services.GetRequiredService<IRecurringTaskKeys<Fails, string>>().TryAdd(new string('x', 1_000_000));
        host.Settle();

        Assert.All(host.Logs.Lines, line => Assert.InRange(line.Text.Length, 0, 400));
        Assert.Equal(200, Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded)).KeyText!.Length);
    }

    [Fact]
    public void A_key_whose_text_throws_silences_no_line()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<FailsMute, Mute>("task").Every(10.Seconds));
        host.Services.GetRequiredService<IRecurringTaskKeys<FailsMute, Mute>>().TryAdd(new());
        host.Settle();

        Assert.Contains(host.Logs.Lines, line => line.Text.Contains(
            "'task[a key whose ToString throws NotSupportedException]' failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reason_forges_nothing()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            services.AddRecurringTask("task", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("stopped", (iteration, _) =>
            {
                iteration.StopLoop(Forged);
                return ValueTask.CompletedTask;
            }).Every(10.Seconds);
        });
        host["task"].Pause(Forged);
        host.Advance(10.Seconds);
        var health = await Health(host);
        host["task"].Stop(Forged);
        host.Settle();

        Assert.All(OurLines(host), line => Assert.DoesNotContain('\n', line.Text));
        Assert.Equal(3, OurLines(host).Count(line => line.Text.Contains(Escaped, StringComparison.Ordinal)));
        Assert.DoesNotContain('\n', health);
    }

    [Fact]
    public void A_value_of_the_configuration_forges_no_problem()
    {
        var problem = InvalidTasks.ProblemOfSetting("Cron", "x\nRecurring task 'other': FORGED");
        Assert.Contains(@"'x\nRecurring task", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_of_the_configuration_forges_no_warning()
    {
        using var host = LoopHost.Run(
            _ => { }, settings: new Dictionary<string, string?> { ["RecurringTasks:a\ncrit FORGED:Every"] = "00:00:01" });

        Assert.Contains(
            @"RecurringTasks:a\ncrit FORGED matches no",
            Assert.Single(host.Logs.Lines, line => line.Id == 41).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_cannot_be_printed_or_is_too_long_is_a_problem() => Assert.Equal(
        [
            @"Recurring task 'a\nb': its name contains \n, which is not a printable character. Remove it.",
            @"Recurring task 'rtl\u202E': its name contains \u202E, which is not a printable character. Remove it.",
            @"Recurring task 'half\uD83D': its name contains \uD83D, which is not a printable character. Remove it.",
            $"Recurring task '{new string('x', 201)}': its name has 201 characters. Use at most 200.",
            @"Recurring task 'steps': the name of step 'a\tb' contains \t, which is not a printable character. Remove it.",
        ],
        InvalidTasks.Problems(services =>
        {
            foreach (var name in (string[])["a\nb", "rtl\u202E", "half\uD83D", new string('x', 201)])
                services.AddRecurringTask(name).Step("step", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("steps").Step("a\tb", Steps.None).Every(10.Seconds);
        }));

    [Fact]
    public void A_name_in_any_script_is_fine()
    {
        using var host = LoopHost.Run(services =>
        {
            foreach (var name in (string[])["Aufträge 😀", "注文", "הזמנות", "a:b/c.d[0]", new string('x', 200)])
                services.AddRecurringTask(name, Steps.None).Every(10.Seconds);
        });

        Assert.Equal(5, host.Records().Count);
    }

    [Fact]
    public void A_name_that_is_asked_for_forges_nothing_and_one_that_is_added_is_checked()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(10.Seconds));

        Assert.Contains(Escaped, Assert.Throws<KeyNotFoundException>(() => host[Forged]).Message, StringComparison.Ordinal);
        Assert.Contains("not a printable character", Assert.Throws<InvalidRecurringTaskException>(
            () => host.Tasks.Add(Forged, task => task.Step("step", Steps.None).Every(10.Seconds))).Message,
            StringComparison.Ordinal);
    }

    // The framework also logs the result of a health check, with its data as separate lines.
    private static IEnumerable<LogLine> OurLines(LoopHost host) =>
        host.Logs.Lines.Where(line => !line.Text.StartsWith("Health check", StringComparison.Ordinal));

    private static async Task<string> Health(LoopHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Single().Value.Description
            ?? "";

    private sealed class Fails : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new FormatException("on purpose");
    }

    private sealed class Mute
    {
        public override string ToString() => throw new NotSupportedException();
    }

    private sealed class FailsMute : IRecurringTask<Mute>
    {
        public ValueTask RunAsync(Mute key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new FormatException("on purpose");
    }
}
