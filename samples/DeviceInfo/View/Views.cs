using Microsoft.Extensions.DependencyInjection;
using SafeLoop;
using Spectre.Console;

namespace DeviceInfo.View;

/// <summary>Chooses the view that fits where the output goes.</summary>
internal static class Views
{
    /// <summary>Add it before the tasks: hosts stop their services in reverse, so the view sees the last iteration end.</summary>
    public static IServiceCollection AddView(this IServiceCollection services)
    {
        services.AddSingleton<HeapGauge>().AddSingleton<ScreenSource>().AddHostedService<ViewService>();
        if (!Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi)
            return services.AddSingleton<IView>(provider => new LiveView(AnsiConsole.Console,
                provider.GetRequiredService<TimeProvider>()));

        var plain = new PlainView(Console.Out, TimeProvider.System);
        return services.AddSingleton<IView>(plain).AddSingleton<IRecurringTaskObserver>(plain);
    }
}
