using Spectre.Console;

namespace DeviceInfo.View;

/// <summary>Chooses the view that fits where the output goes.</summary>
internal static class Views
{
    public static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    public static IView ForThisConsole(TimeProvider clock) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
            ? new PlainView(Console.Out, clock)
            : new LiveView(AnsiConsole.Console, clock);
}
