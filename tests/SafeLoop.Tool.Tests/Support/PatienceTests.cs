using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>What the tests of processes are judged by.</summary>
public class PatienceTests
{
    private static readonly ProcessState Asleep = new(TimeSpan.FromSeconds(1), 'S', Written: 10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_process_that_gets_on_is_waited_for()
    {
        var patience = new Patience(Asleep, _time);

        Assert.Null(Later(patience, Asleep with { Cpu = TimeSpan.FromSeconds(1.01) }));
        Assert.Null(Later(patience, Asleep with { Cpu = TimeSpan.FromSeconds(1.01), Written = 11 }));
        Assert.Null(Later(patience, Asleep with { Cpu = TimeSpan.FromSeconds(1.02), Written = 11 }));
    }

    [Fact]
    public void A_process_that_wants_a_processor_and_gets_none_is_waited_for()
    {
        var patience = new Patience(Asleep, _time);

        Assert.Null(Later(patience, Asleep with { Letter = 'R' }));
        Assert.Null(Later(patience, Asleep with { Letter = 'R' }));
    }

    [Fact]
    public void A_process_that_stands_still_is_named_with_what_was_seen_of_it()
    {
        var patience = new Patience(Asleep, _time);

        Assert.Equal(
            "the process has not got on for 00:02:00: state S, 1.00 s of CPU time, 10 characters written.",
            Later(patience, Asleep));
    }

    [Fact]
    public void A_process_that_is_busy_for_ever_is_not_waited_for()
    {
        var patience = new Patience(Asleep, _time);
        for (var n = 1; n < 4; n++)
            Assert.Null(Later(patience, Asleep with { Written = n }));

        Assert.Contains("has been busy for 00:08:00", Later(patience, Asleep with { Written = 4 }));
    }

    [Fact]
    public void The_kernel_is_asked()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();

        var state = ProcessState.Of(self, written: 7);

        Assert.True(state.Cpu > TimeSpan.Zero);
        Assert.Equal(7, state.Written);
        Assert.Contains(state.Letter, "RSD");
    }

    private string? Later(Patience patience, ProcessState state)
    {
        _time.Advance(Patience.Standstill);
        return patience.Judge(state);
    }
}
