using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Control;

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
                if (span.GetTagItem("safeloop.task") as string == _name || span.Parent?.GetTagItem("safeloop.task") as string == _name)
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
        Run(services => services.AddRecurringTask(_name, (_, _) => { current = Activity.Current; return ValueTask.CompletedTask; }).Every(Second));
        _host!.Advance(Second);

        Assert.Equal(2, _spans.Count);
        Assert.Same(_spans[1], current);
        Assert.All(_spans, span => Assert.Equal((_name, default, ActivityKind.Internal, ActivityStatusCode.Unset), (span.OperationName, span.ParentSpanId, span.Kind, span.Status)));
        Assert.NotEqual(_spans[0].TraceId, _spans[1].TraceId);
        Assert.Equal((2L, "2026-01-01T00:00:01.0000000+00:00"), (_spans[1].GetTagItem("safeloop.iteration"), _spans[1].GetTagItem("safeloop.slot")));
    }

    [Fact]
    public void Each_of_several_steps_is_a_child()
    {
        Run(services => services.AddRecurringTask(_name).Step("read", (_, _) => ValueTask.CompletedTask).Step("save", (_, _) => ValueTask.CompletedTask).Every(Second));

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

        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error, ActivityStatusCode.Error], _spans.Select(span => span.Status));
        Assert.All(_spans[1..], span => Assert.Equal(("on purpose", "System.InvalidOperationException"), (span.StatusDescription, span.GetTagItem("error.type"))));
    }

    [Fact]
    public void A_span_covers_the_steps_only()
    {
        Activity? inCheck = null, inFailure = null;
        var open = 0;
        Run(services => services.AddRecurringTask(_name, (_, _) => throw new InvalidOperationException()).Every(Second)
            .While(() => { inCheck = Activity.Current; return true; })
            .OnFailure(_ => { inFailure = Activity.Current; open = _spans.Count; }));

        Assert.Null(inCheck);
        Assert.Null(inFailure);
        Assert.Equal(1, open); // ended before the handler, and so before the wait
    }

    public void Dispose()
    {
        _host?.Dispose();
        _listener.Dispose();
    }

    private void Run(Action<IServiceCollection> configure) => _host = LoopHost.Run(configure);
}
