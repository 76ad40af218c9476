using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Tasks;

namespace SafeLoop.Tests.Observing;

public sealed class TraceTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly string _name = $"traced {Guid.NewGuid():N}"; // a listener hears all hosts of the process
    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private LoopHost? _host;

    public TraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "SafeLoop",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("safeloop.task") as string == _name
                    || span.Parent?.GetTagItem("safeloop.task") as string == _name)
                    _spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public void An_iteration_is_a_root_span_also_when_the_host_was_started_within_another()
    {
        using var outer = new Activity("outer").Start();
        Activity? current = null;
        Run(services => services.AddRecurringTask(_name, (_, _) =>
        {
            current = Activity.Current;
            return ValueTask.CompletedTask;
        }).Every(Second));
        _host!.Advance(Second);

        Assert.Equal(2, _spans.Count);
        Assert.Same(_spans[1], current);
        Assert.All(_spans, span => Assert.Equal((_name, default, ActivityKind.Internal, ActivityStatusCode.Unset),
            (span.OperationName, span.ParentSpanId, span.Kind, span.Status)));
        Assert.NotEqual(_spans[0].TraceId, _spans[1].TraceId);
        Assert.Equal((2L, "2026-01-01T00:00:01.0000000+00:00"),
            (_spans[1].GetTagItem("safeloop.iteration"), _spans[1].GetTagItem("safeloop.slot")));
    }

    [Theory]
    [InlineData("sample", false)]
    [InlineData("started", false)]
    [InlineData("stopped", false)]
    [InlineData("sample", true)]
    [InlineData("started", true)]
    [InlineData("stopped", true)]
    public void A_listener_that_throws_breaks_neither_the_iteration_nor_the_loop(string when, bool hasSteps)
    {
        var runs = 0;
        using var hostile = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SafeLoop",
            Sample = (ref ActivityCreationOptions<ActivityContext> span) => Throw("sample", span.Name,
                ActivitySamplingResult.AllData),
            ActivityStarted = span => Throw("started", span.OperationName, 0),
            ActivityStopped = span => Throw("stopped", span.OperationName, 0),
        };
        ActivitySource.AddActivityListener(hostile);
        Run(services =>
        {
            var task = services.AddRecurringTask(_name).Step(_name + " step", (_, _) =>
            {
                runs++;
                return ValueTask.CompletedTask;
            });
            if (hasSteps)
                task.Step(_name + " other", Steps.None);
            task.Every(Second);
        });
        _host!.Advance(Second);

        Assert.Equal((2, 2L), (runs, _host[_name].Snapshot().Succeeded));
        Assert.Equal(RecurringTaskState.Waiting, _host[_name].State);
        Assert.All(_host.Observer.Of(LoopEventKind.Fault), fault => Assert.Equal("A listener of its traces threw.", fault.Text));
        Assert.NotEmpty(_host.Observer.Of(LoopEventKind.Fault));

        T Throw<T>(string at, string span, T otherwise) =>
            at == when && span.StartsWith(_name, StringComparison.Ordinal) ? throw new InvalidOperationException() : otherwise;
    }

    [Fact]
    public void Each_of_several_steps_is_a_child()
    {
        Run(services => services.AddRecurringTask(_name).Step("read", (_, _) => ValueTask.CompletedTask)
            .Step("save", (_, _) => ValueTask.CompletedTask).Every(Second));

        Assert.Equal(["read", "save", _name], _spans.Select(span => span.OperationName));
        Assert.All(_spans[..2], step => Assert.Same(_spans[2], step.Parent));
    }

    [Fact]
    public void A_failure_is_an_error_of_its_step_and_of_the_iteration()
    {
        Run(services => services.AddRecurringTask(_name)
            .Step("read", (_, _) => ValueTask.CompletedTask)
            .Step("save", (_, _) => throw new InvalidOperationException("on purpose"))
            .Every(Second));

        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error, ActivityStatusCode.Error],
            _spans.Select(span => span.Status));
        Assert.All(_spans[1..], span => Assert.Equal(("on purpose", "System.InvalidOperationException"),
            (span.StatusDescription, span.GetTagItem("error.type"))));
        Assert.All(_spans[1..], span =>
        {
            var exception = Assert.Single(span.Events);
            Assert.Equal(
                ("exception", "on purpose"),
                (exception.Name, exception.Tags.Single(tag => tag.Key == "exception.message").Value));
            Assert.Contains(
                nameof(TraceTests),
                (string)exception.Tags.Single(tag => tag.Key == "exception.stacktrace").Value!,
                StringComparison.Ordinal);
        });
        Assert.Equal("failed", _spans[2].GetTagItem("safeloop.outcome"));
    }

    [Fact]
    public void An_exception_whose_text_throws_leaves_a_span_that_is_an_error()
    {
        Run(services => services.AddRecurringTask(_name, (_, _) => throw new Unspeakable()).Every(Second));

        var span = Assert.Single(_spans);
        Assert.Equal((ActivityStatusCode.Error, typeof(Unspeakable).FullName), (span.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public void A_time_out_is_an_error_also_where_nothing_was_thrown_and_a_stop_is_none()
    {
        Run(services => services.AddRecurringTask(_name)
            .Step("first", (_, _) => ValueTask.CompletedTask)
            .Step("second", async (iteration, token) =>
            {
                try
                {
                    await Cancelled.By(token);
                }
                catch (OperationCanceledException) when (iteration.Number == 1)
                {
                }
            })
            .Every(Second * 10).WithTimeout(Second * 5));
        _host!.Advance(Second * 5);
        _host.WaitFor(LoopEventKind.IterationEnded, 1);
        _host.Advance(Second * 6);
        _host[_name].Stop();
        _host.Advance(Second);

        var roots = _spans.Where(span => span.OperationName == _name).ToArray();
        Assert.Equal(
            [(ActivityStatusCode.Error, "timed_out"), (ActivityStatusCode.Unset, "interrupted")],
            roots.Select(span => (span.Status, (string?)span.GetTagItem("safeloop.outcome"))));
        Assert.Equal("cancelled", roots[1].GetTagItem("safeloop.reason"));
        Assert.All(
            _spans.Where(span => span.OperationName == "second"), span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    [Fact]
    public void The_line_of_a_failure_carries_the_ids_of_its_span_and_is_written_within_it()
    {
        ActivityContext inLog = default, inEvent = default;
        Run(services =>
        {
            services.AddRecurringTask(_name, (_, _) => throw new FormatException()).Every(Second);
            services.AddSingleton<ILoggerProvider>(new Watching(() => inLog = Activity.Current?.Context ?? default));
            services.AddSingleton<IRecurringTaskObserver>(new Seeing(() => inEvent = Activity.Current?.Context ?? default));
        });

        var span = Assert.Single(_spans);
        Assert.EndsWith(
            $"; the loop goes on (trace {span.TraceId}, span {span.SpanId})",
            Assert.Single(_host!.Logs.Lines, line => line.Id == 12).Text,
            StringComparison.Ordinal);
        Assert.Equal((span.Context, span.Context), (inLog, inEvent));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task History_keeps_the_trace_of_what_failed_and_of_nothing_else()
    {
        Run(services => services.AddRecurringTask(_name, (iteration, _) =>
            iteration.Number == 1 ? throw new FormatException() : default).Every(Second));
        _host!.Advance(Second);
        var history = await _host.Services.GetRequiredService<IRecurringTaskHistory>().QueryAsync(new() { TaskName = _name });

        Assert.Equal([null, _spans[0].TraceId.ToHexString()], history.Entries.Select(entry => entry.TraceId));
    }

    [Fact]
    public async Task History_has_no_trace_without_a_span()
    {
        _listener.Dispose();
        Run(services => services.AddRecurringTask(_name, (_, _) => throw new FormatException()).Every(Second));
        var history = await _host!.Services.GetRequiredService<IRecurringTaskHistory>().QueryAsync(new() { TaskName = _name });

        Assert.Null(Assert.Single(history.Entries).TraceId);
    }

    [Fact]
    public void Without_a_span_the_line_ends_as_before()
    {
        _listener.Dispose();
        Run(services => services.AddRecurringTask(_name, (_, _) => throw new FormatException()).Every(Second));

        Assert.EndsWith(
            "; the loop goes on", Assert.Single(_host!.Logs.Lines, line => line.Id == 12).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_span_of_a_key_names_it()
    {
        Run(services => services.AddRecurringTask<PerKey, string>(_name).Every(Second));
        _host!.Services.GetRequiredService<IRecurringTaskKeys<PerKey, string>>().TryAdd("a\nb");
        _host.Settle();

        Assert.Equal(@"a\nb", Assert.Single(_spans).GetTagItem("safeloop.key"));
    }

    [Fact]
    public void A_span_covers_the_steps_only()
    {
        Activity? inCheck = null, inUntil = null, inFailure = null;
        TimeSpan? until = null;
        Run(services => services.AddRecurringTask(_name, (_, _) => throw new InvalidOperationException()).Every(Second)
            .While(() => { inCheck = Activity.Current; return true; })
            .OnFailure(_ => { inFailure = Activity.Current; until = inFailure?.Duration; })
            .Until(() => { inUntil = Activity.Current; return false; }));

        var span = Assert.Single(_spans);
        Assert.Null(inCheck);
        Assert.Null(inUntil);
        Assert.Same(span, inFailure); // what a handler logs belongs to the failed iteration
        Assert.Equal(span.Duration, until); // whose time was over before the handler
    }

    public void Dispose()
    {
        _host?.Dispose();
        _listener.Dispose();
    }

    private void Run(Action<IServiceCollection> configure) => _host = LoopHost.Run(configure);

    private sealed class Unspeakable : Exception
    {
        public override string Message => throw new InvalidOperationException();

        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class PerKey : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class Seeing(Action look) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent.Kind is LoopEventKind.IterationEnded)
                look();
        }
    }

    private sealed class Watching(Action look) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 12)
                look();
        }

        public void Dispose()
        {
        }
    }
}
