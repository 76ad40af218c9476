using DeviceInfo;
using DeviceInfo.Device;
using DeviceInfo.Store;
using DeviceInfo.View;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeLoop;

var options = DeviceInfoArguments.Parse(args, out var problem);
if (options is null)
{
    if (problem is not null)
        await Console.Error.WriteLineAsync(problem + Environment.NewLine);
    await (problem is null ? Console.Out : Console.Error).WriteLineAsync(DeviceInfoArguments.Usage);
    return problem is null ? 0 : 2;
}

try
{
    using var store = new DeviceStore(options.Database);
    await store.CreateAsync(CancellationToken.None);

    var builder = Host.CreateApplicationBuilder();
    builder.Logging.ClearProviders(); // a line of log would tear the picture; the view shows what happens
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
    builder.Services.AddSingleton(store).AddSingleton<DeviceReader>().AddView();

    builder.Services.AddRecurringTask<UpdateDeviceInfo>()
        .Every(TimeSpan.FromSeconds(2))
        .WithLock("device-info", whenHeld: LockHeld.Skip);

    builder.Services.AddRecurringTask("pruneReadings")
        .Step<DeviceStore>("prune", (store, iteration, ct) => store.PruneAsync(iteration.Slot - TimeSpan.FromMinutes(10), ct))
        .Cron("* * * * *").RunOnStart();

    builder.Services.AddRecurringTask<FlakyCheck>()
        .Every(TimeSpan.FromSeconds(1));

    using var host = builder.Build();
    await host.RunForAsync(options.RunFor);
    await Console.Out.WriteLineAsync(
        Environment.NewLine + Summary.Of(host.Services.GetRequiredService<ScreenSource>().LookAtEnd()));
    return 0;
}
catch (Exception error) when (error is DeviceStoreException or InvalidRecurringTaskException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
