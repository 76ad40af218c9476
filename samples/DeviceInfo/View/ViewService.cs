using Microsoft.Extensions.Hosting;

namespace DeviceInfo.View;

/// <summary>Shows the program while its host runs.</summary>
internal sealed class ViewService(IView view, ScreenSource screens) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => view.ShowAsync(screens.Look, stoppingToken);
}
