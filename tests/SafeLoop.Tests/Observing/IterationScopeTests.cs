using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Observing;

/// <summary>Lines of log that a step writes carry the task, the key and the iteration.</summary>
public class IterationScopeTests
{
    private readonly ScopedLog _log = new();

    [Fact]
    public void The_lines_of_steps_and_handlers_carry_task_and_iteration()
    {
        using var host = Run(services => services.AddRecurringTask("task")
            .Step("one", (ILogger<IterationScopeTests> logger, CancellationToken _) =>
            {
                Write(logger, "one");
                return ValueTask.CompletedTask;
            })
            .Step("two", async (ILogger<IterationScopeTests> logger, CancellationToken _) =>
            {
                await Task.Yield();
                Write(logger, "two");
                throw new FormatException();
            })
            .OnFailure((ILogger<IterationScopeTests> logger, RecurringTaskFailure _) => Write(logger, "handler"))
            .Every(10.Seconds));
        host.WaitFor(LoopEventKind.IterationEnded, 1);
        host.Advance(10.Seconds);
        host.WaitFor(LoopEventKind.IterationEnded, 2);

        Assert.Equal(
            ["one: Task=task Iteration=1", "two: Task=task Iteration=1", "handler: Task=task Iteration=1",
                "one: Task=task Iteration=2", "two: Task=task Iteration=2", "handler: Task=task Iteration=2"],
            _log.Lines);
    }

    [Fact]
    public void Of_a_keyed_task_the_key_too()
    {
        using var host = Run(services => services.AddRecurringTask<Writes, string>("task").Every(10.Seconds));
        host.Services.GetRequiredService<IRecurringTaskKeys<Writes, string>>().TryAdd("a\nb");
        host.Settle();

        Assert.Equal([@"key: Task=task Iteration=1 Key=a\nb"], _log.Lines);
        Assert.Equal(@"Task:task, Iteration:1, Key:a\nb", _log.Texts.Last());
    }

    [Fact]
    public void The_level_None_for_its_category_switches_the_scope_off_and_nothing_else()
    {
        using var host = Run(services => services
            .AddLogging(logging => logging.AddFilter("SafeLoop.Scopes", LogLevel.None))
            .AddRecurringTask("task", (ILogger<IterationScopeTests> logger, CancellationToken _) =>
            {
                Write(logger, "bare");
                return ValueTask.CompletedTask;
            })
            .Every(10.Seconds));
        host.WaitFor(LoopEventKind.IterationEnded, 1);

        Assert.Equal(["bare: "], _log.Lines);
    }

    [Fact]
    public void A_scope_still_names_its_iteration_when_the_log_reads_it_later()
    {
        using var host = Run(services => services.AddRecurringTask(
            "task", (ILogger<IterationScopeTests> logger, CancellationToken _) =>
            {
                Write(logger, "late");
                return ValueTask.CompletedTask;
            }).Every(10.Seconds));
        var kept = _log.Kept[^1];
        host.Advance(20.Seconds);

        Assert.Equal(1L, kept.Single(field => field.Key == "Iteration").Value);
    }

    [Fact]
    public void No_scope_is_open_between_iterations_and_our_own_lines_need_none()
    {
        using var host = Run(services => services.AddRecurringTask("task", Steps.None).Every(10.Seconds));
        host.Advance(20.Seconds);
        _log.Create().LogInformation("outside");

        Assert.Equal(["outside: "], _log.Lines);
    }

    [Fact]
    public void A_log_whose_scopes_throw_breaks_no_iteration()
    {
        using var host = Run(services => services.AddRecurringTask("task", Steps.None).Every(10.Seconds));
        _log.IsBroken = true;
        host.Advance(20.Seconds);

        Assert.Equal(3, host["task"].Snapshot().Succeeded);
    }

    private static void Write(ILogger logger, string text) => logger.LogInformation("{Text}", text);

    private LoopHost Run(Action<IServiceCollection> configure) => LoopHost.Run(services =>
    {
        services.AddSingleton<ILoggerProvider>(_log);
        configure(services);
    });

    private sealed class Writes(ILogger<IterationScopeTests> logger) : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken)
        {
            Write(logger, "key");
            return default;
        }
    }

    /// <summary>A log that takes scopes like those of the framework, and records the lines of the test.</summary>
    private sealed class ScopedLog : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public List<string> Lines { get; } = [];

        public List<string> Texts { get; } = [];

        public List<IReadOnlyList<KeyValuePair<string, object?>>> Kept { get; } = [];

        public bool IsBroken { get; set; }

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = new Breaking(this, scopeProvider);

        public ILogger CreateLogger(string categoryName) =>
            new Logger(this, isOfTheTest: categoryName.Contains("test", StringComparison.OrdinalIgnoreCase));

        public ILogger Create() => CreateLogger("test");

        public void Dispose()
        {
        }

        private void Add(string text)
        {
            var fields = new List<string>();
            _scopes.ForEachScope(
                (scope, all) =>
                {
                    if (scope is not IReadOnlyList<KeyValuePair<string, object?>> list)
                        return;
                    all.AddRange(list.Select(field => $"{field.Key}={field.Value}"));
                    Kept.Add(list);
                    Texts.Add(scope.ToString()!);
                },
                fields);
            Lines.Add($"{text}: {string.Join(" ", fields)}");
        }

        private sealed class Logger(ScopedLog log, bool isOfTheTest) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => log._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                if (isOfTheTest)
                    log.Add(formatter(state, exception));
            }
        }

        private sealed class Breaking(ScopedLog log, IExternalScopeProvider scopes) : IExternalScopeProvider
        {
            public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
                scopes.ForEachScope(callback, state);

            public IDisposable Push(object? state) => log.IsBroken ? throw new NotSupportedException() : scopes.Push(state);
        }
    }
}
