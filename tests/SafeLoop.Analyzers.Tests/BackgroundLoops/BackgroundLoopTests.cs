using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.BackgroundLoops;

/// <summary>SLP005: loops written by hand.</summary>
public sealed class BackgroundLoopTests
{
    [Theory]
    [InlineData("{|SLP005:while|} (!stop.IsCancellationRequested) { await Work(); await Task.Delay(9000, stop); }")]
    [InlineData("{|SLP005:while|} (true) { await Work(); }")]
    [InlineData("{|SLP005:for|} (;;) { await Work().ConfigureAwait(false); }")]
    [InlineData("{|SLP005:do|} { await Work(); } while (true);")]
    [InlineData("{|SLP005:while|} (await timer.WaitForNextTickAsync(stop)) { try { await Work(); } "
        + "catch (InvalidOperationException) { } }")]
    [InlineData("{|SLP005:while|} (true) { try { await Work(); } finally { Log(1); } }")]
    [InlineData("try { {|SLP005:while|} (true) { await Work(); } } catch (OperationCanceledException) { }")]
    [InlineData("{|SLP005:while|} (true) { await Careless(); }")]
    [InlineData("await Task.Run(async () => { {|SLP005:while|} (true) { await Work(); } }, stop);")]
    [InlineData("await Task.Factory.StartNew(async () => { {|SLP005:while|} (true) { await Work(); } }).Unwrap();")]
    [InlineData("await Loop(stop); } async Task Loop(CancellationToken stop) { {|SLP005:while|} "
        + "(!stop.IsCancellationRequested) { await Work(); }")]
    [InlineData("await Task.WhenAll(Loop(), Loop()); } async Task Loop() { {|SLP005:while|} (true) { await Work(); }")]
    [InlineData("try { await Loop(); } catch (Exception e) { Log(e); } } "
        + "async Task Loop() { {|SLP005:while|} (true) { await Work(); }")]
    [InlineData("try { {|SLP005:while|} (true) { await Work(); } } catch (Exception e) { Log(e); }")]
    [InlineData("try { {|SLP005:while|} (true) { await Work(); } } "
        + "catch (OperationCanceledException) { } catch (Exception e) { Log(e); }")]
    public Task A_loop_that_the_first_exception_ends(string body) => InService(body);

    [Theory]
    [InlineData("while (true) { try { await Work(); } catch (Exception e) { Log(e); } await Task.Delay(9000, stop); }")]
    [InlineData("while (true) { try { await Work(); } catch { } }")]
    [InlineData("while (true) { try { await Work(); } catch (Exception e) when (!stop.IsCancellationRequested) { Log(e); } }")]
    [InlineData("while (await timer.WaitForNextTickAsync(stop)) { Log(1); }")]
    [InlineData("while (true) { await Careful(); await Task.Delay(9000, stop); }")]
    [InlineData("try { while (true) { await Work(); } } catch (Exception e) { Log(e); throw; }")]
    [InlineData("try { while (true) { await Work(); } } catch (Exception e) { Log(e); life.StopApplication(); }")]
    [InlineData("try { while (true) { await Work(); } } catch (Exception e) { Environment.Exit(1); }")]
    [InlineData("while (true) { try { while (true) { await Work(); } } catch (Exception e) { Log(e); } }")]
    [InlineData("await Task.Run(async () => { while (true) { try { await Work(); } catch (Exception e) { Log(e); } } });")]
    [InlineData("await Steady(stop); } async Task Steady(CancellationToken stop) { "
        + "while (true) { try { await Work(); } catch (Exception e) { Log(e); } }")]
    [InlineData("await Work(); } async Task Unused(CancellationToken stop) { while (true) { await Work(); }")]
    [InlineData("await Work(); await Task.Delay(9000);")]
    [InlineData("foreach (var one in new[] { 1 }) await Work();")]
    [InlineData("while (true) { await inbox.ReadAsync(stop); try { await Work(); } catch (Exception e) { Log(e); } }")]
    public Task A_loop_that_lives_and_ends(string body) => InService(body);

    [Theory]
    [InlineData("while (true) { await {|SLP005:Task.Delay(9000)|}; }")]
    [InlineData("while (true) { await {|SLP005:Task.Delay(TimeSpan.FromMinutes(1))|}; }")]
    [InlineData("while (true) { await {|SLP005:Task.Delay(Timeout.Infinite)|}; }")]
    [InlineData("while (true) { await {|SLP005:Task.Delay(pause)|}.ConfigureAwait(false); }")]
    [InlineData("while (await Next()) { await {|SLP005:timer.WaitForNextTickAsync()|}; }")]
    public Task A_wait_that_does_not_hear_the_host_stop(string body) => InService(body);

    [Theory]
    [InlineData("while (true) { await Task.Delay(100); }")]
    [InlineData("while (true) { await Task.Delay(TimeSpan.FromSeconds(5)); }")]
    [InlineData("while (true) { await Task.Delay(9000, stop); }")]
    [InlineData("while (true) { await Task.Delay(pause, CancellationToken.None); }")]
    [InlineData("while (true) { await Task.WhenAny(Task.Delay(pause), Next()); }")]
    public Task A_wait_that_ends_soon_or_on_purpose(string body) => InService(body);

    [Theory]
    [InlineData("object timer = new Timer({|SLP005:async _ => { await Task.Delay(1); }|}, null, 1, 1);", true)]
    [InlineData("object timer = new Timer({|SLP005:async _ => await Later()|}, null, 1, 1); "
        + "static Task Later() => Task.CompletedTask;", false)]
    [InlineData("object timer = new Timer(async _ => { try { await Later(); } catch (Exception) { } }, null, 1, 1); "
        + "static Task Later() => Task.CompletedTask;", false)]
    [InlineData("object timer = new Timer(_ => Later(), null, 1, 1); static Task Later() => Task.CompletedTask;", false)]
    public Task An_async_callback_of_a_timer(string member, bool onlyWaits) =>
        RuleTest.Members(onlyWaits
            ? member.Replace("{|SLP005:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal)
            : member);

    private const string Timers = " static class Own { public class Timer { public event Func<object, object, Task> Elapsed; } } "
        + "System.Timers.Timer timer = new System.Timers.Timer(9); Task Later() => Task.CompletedTask; ";

    [Theory]
    [InlineData("void Start() { timer.Elapsed += {|SLP005:async (s, e) => await Later()|}; }")]
    [InlineData("void Start() { timer.Elapsed += {|SLP005:async delegate { await Later(); }|}; }")]
    [InlineData("void Start() { timer.Elapsed += {|SLP005:OnElapsed|}; } "
        + "async void OnElapsed(object s, System.Timers.ElapsedEventArgs e) { await Later(); }")]
    [InlineData("void Start() { timer.Elapsed += OnElapsed; } "
        + "async void OnElapsed(object s, System.Timers.ElapsedEventArgs e) { try { await Later(); } "
        + "catch (Exception x) { Log(x); } }")]
    [InlineData("void Start() { timer.Elapsed += async (s, e) => { try { await Later(); } catch { } }; }")]
    [InlineData("void Start() { timer.Elapsed += (s, e) => Log(1); timer.Elapsed -= OnElapsed; } "
        + "async void OnElapsed(object s, System.Timers.ElapsedEventArgs e) { await Later(); }")]
    [InlineData("void Start() { new Own.Timer().Elapsed += async (s, e) => await Later(); }")]
    public Task An_async_handler_of_a_timer(string members) => RuleTest.File(Code.WithMembers(members + Timers) + """

        namespace System.Timers
        {
            public delegate void ElapsedEventHandler(object sender, ElapsedEventArgs e);
            public class ElapsedEventArgs : EventArgs { }
            public class Timer { public Timer(double interval) { } public event ElapsedEventHandler Elapsed; }
        }
        """);

    [Fact]
    public Task Other_methods_called_ExecuteAsync_are_not_reported() => RuleTest.Members(
        "class Other : Base { protected override async Task ExecuteAsync(CancellationToken stop) { "
        + "while (true) await Task.Delay(9000); } } "
        + "class Base { protected virtual Task ExecuteAsync(CancellationToken stop) => null; }");

    private static Task InService(string body) => RuleTest.File($$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Microsoft.Extensions.Hosting
        {
            public abstract class BackgroundService { protected abstract Task ExecuteAsync(CancellationToken stop); }
        }

        interface IHostApplicationLifetime { void StopApplication(); }

        abstract class ChannelReader<T> { public abstract ValueTask<T> ReadAsync(CancellationToken stop); }

        class Service : Microsoft.Extensions.Hosting.BackgroundService
        {
            PeriodicTimer timer = new(TimeSpan.FromSeconds(9));
            TimeSpan pause;
            ChannelReader<int> inbox;
            IHostApplicationLifetime life;
            Task Work() => Task.CompletedTask;
            Task<bool> Next() => Task.FromResult(true);
            async Task Careful() { try { await Work(); } catch (Exception e) { Log(e); } }
            async Task Careless() { try { await Work(); } catch (InvalidOperationException e) { Log(e); } }
            void Log(object what) { }

            protected override async Task ExecuteAsync(CancellationToken stop)
            {
                {{body}}
            }
        }
        """);
}
