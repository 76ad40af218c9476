using DeviceInfo.View;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace Samples.Tests.DeviceInfo.View;

public sealed class LiveViewTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _output = new();

    [Fact]
    public async Task When_it_is_stopped_it_draws_the_last_state_and_ends()
    {
        using var stop = new CancellationTokenSource();
        var rows = 0;
        var view = new LiveView(Terminal(), _clock)
            .ShowAsync(() => new Screen(_clock.GetUtcNow(), [], Device: null, "device.db", rows, 0, 0), stop.Token);

        rows = 4711;
        await stop.CancelAsync();
        await view.WaitAsync(Patience.Last);

        Assert.Contains("4,711", _output.ToString());
    }

    private IAnsiConsole Terminal()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(_output),
        });
        console.Profile.Width = 120;
        return console;
    }
}
