using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;

namespace SafeLoop.Tests.Observing;

/// <summary>Code that obeys its token when a loop stops never causes a warning, however it wraps its cancellation.</summary>
public class CleanStopTests
{
    [Theory]
    [InlineData("plain", LogLevel.Information)]
    [InlineData("aggregated", LogLevel.Information)]
    [InlineData("aggregated twice", LogLevel.Information)]
    [InlineData("nested", LogLevel.Information)]
    [InlineData("nested in an aggregate", LogLevel.Information)]
    [InlineData("with another failure", LogLevel.Warning)]
    [InlineData("another failure", LogLevel.Warning)]
    [InlineData("nothing in an aggregate", LogLevel.Warning)]
    public void A_step_that_ends_by_its_cancellation_logs_no_warning(string what, LogLevel level)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", async (_, token) =>
        {
            try
            {
                await Cancelled.By(token);
            }
            catch (OperationCanceledException cancelled)
            {
                throw Wrap(what, cancelled);
            }
        }).Every(10.Seconds));
        using var meter = new RecordingMeter(host);
        Stop(host);

        Assert.Equal(level, Assert.Single(host.Logs.Lines, line => line.Id == 15).Level);
        Assert.Equal(
            level is LogLevel.Warning,
            Assert.Single(meter.Of("safeloop.iterations")).Contains("error.type", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("until")]
    [InlineData("handler")]
    [InlineData("while")]
    [InlineData("lock")]
    [InlineData("keys")]
    [InlineData("scope")]
    [InlineData("callback")]
    [InlineData("pipeline")]
    public void Checks_handlers_sources_and_services_that_obey_log_none_either(string who)
    {
        Func<CancellationToken, Task> obey = static async token =>
        {
            try
            {
                await Cancelled.By(token);
            }
            catch (OperationCanceledException error)
            {
                throw new AggregateException(error);
            }
        };
        using var host = LoopHost.Run(services =>
        {
            services.AddScoped<Stubborn>();
            var task = services.AddRecurringTask("t", async (iteration, token) =>
            {
                if (who == "handler")
                    throw new FormatException();
                if (who == "scope")
                    _ = iteration.Services.GetRequiredService<Stubborn>();
                if (who == "callback")
                    token.Register(() => throw new OperationCanceledException(token));
                if (who is "scope" or "callback" or "pipeline")
                    await Cancelled.By(token);
            }).Every(10.Seconds);
            _ = who switch
            {
                "until" => task.Until(async token => { await obey(token); return false; }),
                "handler" => task.OnFailure(async failure => await obey(failure.CancellationToken)),
                "while" => task.While(async token => { await obey(token); return true; }),
                "lock" => task.WithLock("lock", LockHeld.Wait),
                "pipeline" => task.WithResilience(pipeline => pipeline.AddStrategy(_ => new Wrapper())),
                _ => task,
            };
            if (who == "lock")
                services.AddSingleton<ILoopLockProvider>(
                    new ScriptedLocks { Acquire = async (_, token) => { await obey(token); return true; } });
            if (who == "keys")
            {
                services.AddSingleton(new Keys.Poll.Script());
                services.AddRecurringTask<Keys.Poll, string>().Every(10.Seconds)
                    .KeysFrom((_, token) => Read(token, obey), 1.Minutes);
            }
        });
        Stop(host);

        // 12 is the failure that the handler handles.
        Assert.Empty(host.Logs.Lines.Where(line => line.Level >= LogLevel.Warning && line.Id != 12).Select(line => line.Text));
    }

    private static void Stop(LoopHost host)
    {
        var stopped = host.StopHost();
        host.Advance(TimeSpan.FromMilliseconds(1));
        host.Wait(stopped);
    }

    private static Exception Wrap(string what, Exception cancelled) => what switch
    {
        "aggregated" => new AggregateException(cancelled),
        "aggregated twice" => new AggregateException(new AggregateException(cancelled, new TaskCanceledException()), cancelled),
        "nested" => new IOException("The connection was closed.", new InvalidOperationException("Read.", cancelled)),
        "nested in an aggregate" => new AggregateException(new IOException("Closed.", cancelled)),
        "with another failure" => new AggregateException(cancelled, new IOException("The roll-back failed.")),
        "another failure" => new IOException("The roll-back failed.", new FormatException()),
        "nothing in an aggregate" => new AggregateException(),
        _ => cancelled,
    };

    private static async IAsyncEnumerable<string> Read(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token, Func<CancellationToken, Task> obey)
    {
        yield return "a";
        await obey(token);
    }

    private sealed class Stubborn : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => throw new OperationCanceledException();
    }

    private sealed class Wrapper : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state) =>
            await callback(context, state) is { Exception: { } error }
                ? Outcome.FromException<TResult>(new IOException("wrapped", error))
                : default;
    }
}
