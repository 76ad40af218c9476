using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.RecurringTasks;

/// <summary>
/// From a method that repeats itself to a class the runner repeats. The expected code is compiled against SafeLoop.
/// </summary>
public sealed class RecurringTaskFixTests
{
    [Fact]
    public Task The_method_becomes_the_step_the_delay_and_the_guard_the_runners() => RunAsync(
        """
        using System;
        using System.Threading.Tasks;

        class Job
        {
            bool active = true;

            public void Start()
            {
                Console.WriteLine("starting");
                _ = Poll();
            }

            private async Task Poll()
            {
                if (!active) return;
                try { await Work(); } catch (Exception e) { Console.WriteLine(e); }
                await Task.Delay(TimeSpan.FromSeconds(5));
                await {|SLP001:Poll()|};
            }

            Task Work() => Task.CompletedTask;
        }
        """,
        """
        using System;
        using System.Threading.Tasks;

        // Register it: services.AddRecurringTask<Job>().WithDelay(System.TimeSpan.FromSeconds(5)).AsSingleton();
        class Job : SafeLoop.IRecurringTask
        {
            bool active = true;

            public void Start()
            {
                Console.WriteLine("starting");
            }

            public async ValueTask RunAsync(SafeLoop.Iteration iteration, System.Threading.CancellationToken cancellationToken)
            {
                if (!active)
                {
                    iteration.StopLoop();
                    return;
                }

                try { await Work(); } catch (Exception e) { Console.WriteLine(e); }
            }

            Task Work() => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task It_is_registered_where_the_host_is_made() => RunAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.Extensions.Hosting;

        static class Program
        {
            public static bool Active = true;

            static void Main(string[] args)
            {
                var builder = Host.CreateApplicationBuilder(args);
                builder.Build().Run();
            }
        }

        class Job
        {
            async void Poll(CancellationToken stopping)
            {
                if (!Program.Active) return;
                await Task.Delay(5000, stopping);
                Console.WriteLine(stopping);
                {|SLP003:Poll(stopping)|};
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.Extensions.Hosting;
        using Microsoft.Extensions.DependencyInjection;

        static class Program
        {
            public static bool Active = true;

            static void Main(string[] args)
            {
                var builder = Host.CreateApplicationBuilder(args);
                builder.Services.AddRecurringTask<Job>().WithDelay(TimeSpan.FromMilliseconds(5000)).AsSingleton().StartAfter(TimeSpan.FromMilliseconds(5000)).While(() => Active);
                builder.Build().Run();
            }
        }

        class Job : SafeLoop.IRecurringTask
        {
            public ValueTask RunAsync(SafeLoop.Iteration iteration, CancellationToken stopping)
            {
                Console.WriteLine(stopping);
                return default;
            }
        }
        """,
        "Convert to a recurring task (an exception does not end it, looks at the condition after the delay)");

    [Theory]
    [InlineData("private async Task Poll() { Console.WriteLine(); await {|SLP001:Poll()|}; }")]
    [InlineData("public async Task Poll() { Console.WriteLine(); await Task.Delay(5); await {|SLP001:Poll()|}; }")]
    [InlineData("async Task Poll() { Console.WriteLine(); await Task.Delay(wait); await {|SLP001:Poll()|}; } int wait = 5;")]
    [InlineData("async Task Poll(int n) { Console.WriteLine(n); await Task.Delay(5); await {|SLP001:Poll(n)|}; }")]
    [InlineData("async Task Poll() { Console.WriteLine(); if (wait > 3) return; await Task.Delay(5); await {|SLP001:Poll()|}; } "
        + "int wait = 5;")]
    [InlineData("async Task Poll() { Console.WriteLine(); await Task.Delay(5); await {|SLP001:Poll()|}; } "
        + "async Task Start() { await Poll(); }")]
    [InlineData("async Task Poll() { Console.WriteLine(); await Task.Delay(5); await {|SLP001:Poll()|}; } "
        + "Func<Task> Start() => Poll;")]
    [InlineData("async Task Poll() { if (wait > 3) { await Task.Delay(5); } Console.WriteLine(); await {|SLP001:Poll()|}; } "
        + "int wait = 5;")]
    [InlineData("async Task Poll() { Console.WriteLine(nameof(Poll)); await Task.Delay(5); await {|SLP001:Poll()|}; }")]
    [InlineData("async Task Poll() {\n#if DEBUG\nConsole.WriteLine(1);\n#endif\nawait Task.Delay(5); await {|SLP001:Poll()|}; }")]
    [InlineData(
        "async Task Poll() { var iteration = 5; Console.WriteLine(iteration); await Task.Delay(5); await {|SLP001:Poll()|}; }")]
    [InlineData("async Task Poll() { Console.WriteLine(); "
        + "await Task.Delay(System.Threading.Timeout.Infinite); await {|SLP001:Poll()|}; }")]
    [InlineData("async Task Poll() { Console.WriteLine(); await Task.Delay(5, stop); await {|SLP001:Poll()|}; } "
        + "System.Threading.CancellationToken stop;")]
    [InlineData("async Task Poll(System.Threading.CancellationToken iteration) { Console.WriteLine(); "
        + "await Task.Delay(5, iteration); await {|SLP001:Poll(iteration)|}; }")]
    [InlineData("async Task Poll(System.Threading.CancellationToken stop) { Console.WriteLine(); "
        + "await Task.Delay(5, stop); await {|SLP001:Poll(default)|}; }")]
    [InlineData("async Task Poll() { Console.WriteLine(); await Task.Delay(5); last = {|SLP003:Poll()|}; } Task last;")]
    [InlineData("[Obsolete] async Task Poll() { Console.WriteLine(); await Task.Delay(5); await {|SLP001:Poll()|}; }")]
    public Task Anything_less_plain_is_not_converted(string members)
    {
        var source = $$"""using System; using System.Threading.Tasks; class Job { {{members}} }""";
        return RunAsync(source, source);
    }

    [Theory]
    [InlineData("System.Threading.Timer timer; "
        + "void Start() => Console.WriteLine(); void Begin() { timer = new System.Threading.Timer(_ => Poll(), null, 9, -1); }")]
    [InlineData("Task polling; void Start() { polling = Poll(); } async Task Stop() { await polling; }")]
    [InlineData("event EventHandler Changed; void Start() { Changed += (_, _) => Poll(); }")]
    [InlineData("void Start(bool really) { if (really) { _ = Poll(); } }")]
    [InlineData("void Start() {\n#if DEBUG\n_ = Poll();\n#endif\n }")]
    [InlineData("void Start() {\n#if !DEBUG\n_ = Poll();\n#endif\n }")]
    [InlineData("void Start(Job other) { other.Poll(); }")]
    [InlineData("string Name => nameof(Poll);")]
    public Task Nor_is_what_is_started_in_another_way(string start)
    {
        var source = $$"""
            using System; using System.Threading.Tasks;
            class Job
            {
                async Task Poll() { Console.WriteLine(); await Task.Delay(5); await {|SLP001:Poll()|}; }
                {{start}}
            }
            """;
        return RunAsync(source, source);
    }

    [Fact]
    public Task What_moves_to_the_registration_has_its_full_name() => RunAsync(
        """
        using System;
        using System.Threading.Tasks;

        namespace Work
        {
            static class Pauses { public static readonly TimeSpan Long = TimeSpan.FromSeconds(9); }

            class Job
            {
                public static bool Active = true;

                async Task Poll()
                {
                    if (!Active) return;
                    Console.WriteLine();
                    await Task.Delay(Pauses.Long);
                    await {|SLP001:Poll()|};
                }
            }
        }
        """,
        """
        using System;
        using System.Threading.Tasks;

        namespace Work
        {
            static class Pauses { public static readonly TimeSpan Long = TimeSpan.FromSeconds(9); }

            // Register it: services.AddRecurringTask<Work.Job>().WithDelay(Work.Pauses.Long).AsSingleton().While(() => Work.Job.Active);
            class Job : SafeLoop.IRecurringTask
            {
                public static bool Active = true;

                public ValueTask RunAsync(SafeLoop.Iteration iteration, System.Threading.CancellationToken cancellationToken)
                {
                    Console.WriteLine();
                    return default;
                }
            }
        }
        """,
        "Convert to a recurring task (an exception does not end it)");

    [Fact]
    public Task A_token_that_no_longer_stops_it_is_announced() => RunAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        class Job
        {
            readonly CancellationTokenSource stop = new();

            public void Start()
            {
                _ = Poll(stop.Token);
            }

            async Task Poll(CancellationToken ct)
            {
                Console.WriteLine();
                await Task.Delay(500, ct);
                await {|SLP001:Poll(ct)|};
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        // Register it: services.AddRecurringTask<Job>().WithDelay(System.TimeSpan.FromMilliseconds(500)).AsSingleton();
        class Job : SafeLoop.IRecurringTask
        {
            readonly CancellationTokenSource stop = new();

            public void Start()
            {
            }

            public ValueTask RunAsync(SafeLoop.Iteration iteration, CancellationToken ct)
            {
                Console.WriteLine();
                return default;
            }
        }
        """,
        "Convert to a recurring task (an exception does not end it, stops with the host, not by the token it was started with)");

    [Fact]
    public Task Nor_is_anything_without_SafeLoop() => FixTest<RecurringTaskCodeFixProvider>.NotOffered(
        "async Task Poll() { await Work(); await Task.Delay(5); await {|SLP001:Poll()|}; }");

    private static Task RunAsync(string before, string after, string title = "Convert to a recurring task") =>
        FixTest<RecurringTaskCodeFixProvider>.File(before, after, title, Support.Platform.SafeLoop);
}
