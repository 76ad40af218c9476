using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SafeLoop.Tests.UserCode;

/// <summary>What the host and its container bring: logs, listeners, services, configuration, its lifetime.</summary>
internal static class HostPoints
{
    public static readonly Dictionary<string, Point> All = new()
    {
        ["a line of the log"] = OfLog("line"),
        ["a warning about a change"] = OfLog("warning") with
        {
            Task = (task, scene) => TaskPoints.Every(task)
                .Configure(options => options.Timeout = scene.Started.IsSet ? TimeSpan.FromDays(1) : null),
            Provoke = static scene => scene.ReloadChanged(),
        },
        ["the begin of a scope of the log"] = OfLog("begin"),
        ["the end of a scope of the log"] = OfLog("end"),
        ["a listener of counters"] = new() { Prepare = scene => Listen(scene) },
        ["a listener of gauges"] = new() { Provoke = scene => Listen(scene).RecordObservableInstruments() },
        ["the sample of a span"] = OfTrace("sample"),
        ["the start of a span"] = OfTrace("start"),
        ["the end of a span"] = OfTrace("end"),
        ["the constructor of a service"] = new()
        {
            Services = (services, scene) => services.AddScoped(_ => TaskPoints.Then(scene.Act, new Service(() => { }))),
            Step = Resolve,
        },
        ["the disposal of a service"] = new()
        {
            Services = (services, scene) => services.AddScoped(_ => new Service(scene.Act)),
            Step = Resolve,
        },
        ["a validator of options"] = new()
        {
            Services = (services, scene) =>
                services.AddSingleton<IValidateOptions<RecurringTaskOptions>>(new Validator(scene)),
            Provoke = scene => scene.FindHandle()?.ChangeAsync(static options => options.HistoryLength = 20),
        },
        ["a provider of the configuration"] = new()
        {
            Prepare = scene => ((IConfigurationBuilder)scene.Configuration).Add(new Source(scene)),
            Provoke = scene => scene.Configuration.Reload(),
        },
        ["what listens to the host's stop"] = new()
        {
            Prepare = scene => scene.Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
                .Register(scene.Act),
            Step = TaskPoints.Fail,
            Task = (task, _) => TaskPoints.Every(task).StopHostAfterFailures(1),
            HoldsHost = true,
        },
    };

    /// <summary>A member of a log, which is user code.</summary>
    public static Point OfLog(string member) => new()
    {
        Services = (services, scene) => services.AddLogging(logging => logging.AddProvider(new Log(member, scene))),
    };

    private static Point OfTrace(string member) => new() { Prepare = scene => Trace(member, scene) };

    private static void Trace(string member, Scene scene)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "SafeLoop",
            Sample = (ref ActivityCreationOptions<ActivityContext> span) =>
                ActIf(member is "sample" && span.Name == scene.Name, scene, ActivitySamplingResult.AllData),
            ActivityStarted = span => ActIf(member is "start" && span.OperationName == scene.Name, scene, 0),
            ActivityStopped = span => ActIf(member is "end" && span.OperationName == scene.Name, scene, 0),
        };
        ActivitySource.AddActivityListener(listener);
        scene.Own(listener);
    }

    private static MeterListener Listen(Scene scene)
    {
        var meters = scene.Host.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "SafeLoop" && ReferenceEquals(instrument.Meter.Scope, meters))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => scene.Act());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => scene.Act());
        listener.Start();
        return scene.Own(listener);
    }

    private static ValueTask Resolve(Scene scene, Iteration iteration, CancellationToken token)
    {
        _ = iteration.Services.GetRequiredService<Service>();
        return default;
    }

    private static T ActIf<T>(bool isHostile, Scene scene, T value) => isHostile ? TaskPoints.Then(scene.Act, value) : value;

    private sealed class Service(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }

    private sealed class Validator(Scene scene) : IValidateOptions<RecurringTaskOptions>
    {
        public ValidateOptionsResult Validate(string? name, RecurringTaskOptions options) =>
            TaskPoints.Then(scene.Act, ValidateOptionsResult.Success);
    }

    private sealed class Source(Scene scene) : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            scene.Act();
            return base.TryGet(key, out value);
        }
    }

    private sealed class Log(string member, Scene scene) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("SafeLoop", StringComparison.Ordinal)
            ? this
            : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull =>
            ActIf(member is "begin", scene, new Service(() => ActIf(member is "end", scene, 0)));

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            ActIf(member is "line" || (member is "warning" && logLevel is LogLevel.Warning), scene, 0);

        public void Dispose()
        {
        }
    }
}
