using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Testing.Tests;

/// <summary>
/// Minimal hosting stops and disposes a host at the same time (aspnetcore#40271): nothing may be resolved once the stop has
/// begun.
/// </summary>
public class WebApplicationDisposeTests
{
    private const int Factories = 200;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_an_application_two_hundred_times_throws_nothing_and_logs_no_failure(bool inVirtualTime)
    {
        var logs = new WarningLog();
        var failures = new List<string>();
        for (var n = 0; n < Factories; n++)
        {
            var app = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder
                .UseContentRoot(AppContext.BaseDirectory)
                .ConfigureLogging(logging => logging.ClearProviders().AddProvider(logs))
                .ConfigureTestServices(services =>
                {
                    services.AddRecurringTask("nightly", (_, _) => Task.CompletedTask).Cron("0 3 * * *");
                    services.AddRecurringTask("scoped").Step<Repository>("look", (_, _, _) => default(ValueTask))
                        .Every(TimeSpan.FromMilliseconds(1));
                    services.AddScoped<Repository>();
                    if (inVirtualTime)
                        services.AddVirtualTime();
                }));
            try
            {
                await using (app)
                {
                    using var client = app.CreateClient();
                    Assert.Equal("Healthy", await client.GetStringAsync("/health"));
                }
            }
            catch (ObjectDisposedException error)
            {
                failures.Add($"{n}: {error.Message} {error.StackTrace}");
            }
        }

        Assert.Empty(failures);
        Assert.Empty(logs.Lines);
    }

    private sealed class Repository;

    private sealed class WarningLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            lock (_lines)
                _lines.Add($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
        }

        public void Dispose()
        {
        }
    }
}
