using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Observing;

/// <summary>Lines of log about an iteration carry the task, the key, the iteration and the slot.</summary>
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
            [
                "one: Task=task Iteration=1 Slot=00:00:00", "two: Task=task Iteration=1 Slot=00:00:00",
                "handler: Task=task Iteration=1 Slot=00:00:00", "one: Task=task Iteration=2 Slot=00:00:10",
                "two: Task=task Iteration=2 Slot=00:00:10", "handler: Task=task Iteration=2 Slot=00:00:10",
            ],
            _log.Lines);
    }

    [Fact]
    public void Of_a_keyed_task_the_key_too()
    {
        using var host = Run(services => services.AddRecurringTask<Writes, string>("task").Every(10.Seconds));
        host.Services.GetRequiredService<IRecurringTaskKeys<Writes, string>>().TryAdd("a\nb");
        host.Settle();

        Assert.Equal([@"key: Task=task Iteration=1 Slot=00:00:00 Key=a\nb"], _log.Lines);
        Assert.Equal(@"Task:task, Iteration:1, Slot:2026-01-01T00:00:00.0000000+00:00, Key:a\nb", _log.Texts.Last());
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
    public void The_lines_that_say_how_it_ended_carry_them_too_and_have_one_scope()
    {
        _log.Category = "SafeLoop";
        using var host = Run(services => services
            .AddRecurringTask("task", (_, _) => throw new FormatException()).Every(10.Seconds));

        Assert.Contains("IterationStarted: Task=task Iteration=1 Slot=00:00:00", _log.Lines);
        Assert.Contains("IterationFailed: Task=task Iteration=1 Slot=00:00:00", _log.Lines);
        Assert.Contains("LoopStarted: ", _log.Lines);
    }

    [Fact]
    public void A_slot_in_which_nothing_ran_has_no_iteration()
    {
        _log.Category = "SafeLoop";
        using var host = Run(services => services.AddRecurringTask("task", Steps.None).Every(10.Seconds).While(() => false));

        Assert.Contains("SlotSkipped: Task=task Slot=00:00:00", _log.Lines);
    }

    [Fact]
    public void No_scope_is_open_between_iterations()
    {
        using var host = Run(services => services.AddRecurringTask("task", Steps.None).Every(10.Seconds));
        host.Advance(20.Seconds);
        _log.Create().LogInformation("outside");

        Assert.Equal(["outside: "], _log.Lines);
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("end")]
    public void A_log_whose_scopes_throw_breaks_no_iteration_and_loses_no_line(string when)
    {
        var log = new BrokenScopes(when);
        using var host = LoopHost.Run(services => services.AddSingleton<ILoggerProvider>(log)
            .AddRecurringTask("task", (_, _) => throw new FormatException()).Every(10.Seconds));
        host.Advance(20.Seconds);

        Assert.Equal(3, host["task"].Snapshot().Failed);
        Assert.Equal(["LoopStarted", "IterationFailed", "IterationFailedAgain", "IterationFailedAgain"], log.Lines);
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

        /// <summary>The category whose lines are recorded.</summary>
        public string Category { get; set; } = nameof(IterationScopeTests);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) =>
            new Logger(this, categoryName.Split('.')[^1]);

        public ILogger Create() => CreateLogger(nameof(IterationScopeTests));

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
                    all.AddRange(list.Select(field =>
                        $"{field.Key}={(field.Value is DateTimeOffset slot ? slot.ToString("HH:mm:ss") : field.Value)}"));
                    Kept.Add(list);
                    Texts.Add(scope.ToString()!);
                },
                fields);
            Lines.Add($"{text}: {string.Join(" ", fields)}");
        }

        private sealed class Logger(ScopedLog log, string category) : ILogger
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
                if (category == log.Category)
                    log.Add(eventId.Name ?? formatter(state, exception));
            }
        }
    }

    private sealed class BrokenScopes(string when) : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => when == "begin" ? throw new NotSupportedException() : new BrokenScope();

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Information && eventId.Name is not null)
                Lines.Add(eventId.Name);
        }

        public void Dispose()
        {
        }

        private sealed class BrokenScope : IDisposable
        {
            public void Dispose() => throw new NotSupportedException();
        }
    }
}
