using Spectre.Console;

namespace DeviceInfo.View;

/// <summary>A picture of the program in a terminal, redrawn in place every second.</summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider clock) : IView
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    public Task ShowAsync(Func<Screen> look, CancellationToken stopping) =>
        console.Live(ScreenLayout.Of(look()))
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(async live =>
            {
                await Tick.EveryAsync(Refresh, clock, () => live.UpdateTarget(ScreenLayout.Of(look())), stopping);
                live.UpdateTarget(ScreenLayout.Of(look())); // the last state stays on the terminal
            });
}
