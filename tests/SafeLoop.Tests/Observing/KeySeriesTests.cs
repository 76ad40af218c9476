using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Observing;

/// <summary>However many keys a task has, its metrics have as many series, and its log as many templates.</summary>
public class KeySeriesTests
{
    // After reactor-core#2899, nomad#18113 and titus-control-plane#317: each job added series that nothing removed.
    [Fact]
    public void Many_keys_that_come_and_go_have_the_series_of_one()
    {
        var one = SeriesOf(1);

        Assert.Equal(one, SeriesOf(200));
        Assert.Contains("safeloop.iterations safeloop.task=poll safeloop.outcome=failed error.type=System.FormatException", one);
    }

    // After aspnet/Logging#351 and LibLog#34: braces in a value were read as a template, or made one template each.
    [Fact]
    public void A_key_with_braces_is_a_value_and_makes_no_template_of_its_own()
    {
        string[] keys = ["{0} {", "{Task}", "'{Task}'", "}}{{", "{Key}", .. Enumerable.Range(0, 50).Select(n => $"{{{n}}}")];
        using var poll = Failing();
        poll.Add(keys);
        poll.Advance(10);

        foreach (var ofEvent in poll.Host.Logs.Lines.Where(line => line.Field("Key") is not null).GroupBy(line => line.Id))
        {
            Assert.Single(ofEvent.Select(line => line.Template).Distinct());
            Assert.All(ofEvent, line => Assert.Contains($"'poll[{line.Field("Key")}]'", line.Text, StringComparison.Ordinal));
        }
        Assert.Equal(keys.Order(), poll.Host.Logs.Lines.Where(line => line.Id == 12).Select(line => line.Field("Key")).Order());
    }

    // After opentelemetry-dotnet#2457 and dotnet/runtime#56183: a callback that threw hid all other instruments.
    [Fact]
    public void A_key_whose_every_member_throws_hides_no_instrument()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<Breaks, Broken>().Every(10.Seconds));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Breaks, Broken>>();
        var key = new Broken();
        keys.TryAdd(key);
        host.Settle();
        key.IsBroken = true;
        host.Advance(10.Seconds);
        using var meter = new RecordingMeter(host);

        Assert.Equal(["1 safeloop.task=breaks"], meter.Look("safeloop.keys"));
        Assert.Equal(["1 safeloop.task=breaks"], meter.Look("safeloop.keys.failing"));
        Assert.Equal(["0 safeloop.task=breaks"], meter.Look("safeloop.keys.running"));
    }

    private static string[] SeriesOf(int keys)
    {
        using var poll = Failing();
        using var meter = new RecordingMeter(poll.Host);
        for (var n = 0; n < keys; n++)
        {
            poll.Add($"key {n}");
            poll.Advance(20);
            if (n % 2 == 0)
                poll.Keys.TryRemove($"key {n}");
        }
        meter.Look("safeloop.keys"); // reads all that is read on demand
        string[] instruments = [.. meter.Instruments.Select(instrument => instrument.Split(' ')[0])];
        return [.. from instrument in instruments
                   from series in meter.Of(instrument).Select(measured => measured[(measured.IndexOf(' ') + 1)..]).Distinct()
                   orderby series
                   select $"{instrument} {series}"];
    }

    private static PollHost Failing()
    {
        var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, iteration, _) => iteration.Number == 2 ? default : throw new FormatException("{0} {Key} {");
        return poll;
    }

    private sealed class Breaks : IRecurringTask<Broken>
    {
        public ValueTask RunAsync(Broken key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new FormatException();
    }

    [SuppressMessage("Usage", "CA1065", Justification = "That is the point.")]
    private sealed class Broken
    {
        public bool IsBroken { get; set; }

        public override bool Equals(object? obj) => IsBroken ? throw new InvalidOperationException() : ReferenceEquals(this, obj);

        public override int GetHashCode() => IsBroken ? throw new InvalidOperationException() : 1;

        public override string ToString() => IsBroken ? throw new InvalidOperationException() : "key";
    }
}
