using DeviceInfo;
using DeviceInfo.Device;
using DeviceInfo.Store;
using DeviceInfo.View;

var options = DeviceInfoArguments.Parse(args, out var problem);
if (options is null)
{
    if (problem is not null)
        await Console.Error.WriteLineAsync(problem + Environment.NewLine);
    await (problem is null ? Console.Out : Console.Error).WriteLineAsync(DeviceInfoArguments.Usage);
    return problem is null ? 0 : 2;
}

using var store = new DeviceStore(options.Database);
try
{
    await store.CreateAsync(CancellationToken.None);
}
catch (DeviceStoreException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

// One reading for now: the recurring tasks come with the runtime.
var heap = new HeapGauge();
var reading = new DeviceReader(TimeProvider.System).Read();
await store.SaveAsync(reading, CancellationToken.None);

var screen = new Screen(TimeProvider.System.GetLocalNow(), [], reading, store.RowsWritten, heap.AtStart, HeapGauge.Settled());
Spectre.Console.AnsiConsole.Write(ScreenLayout.Of(screen));
await Console.Out.WriteLineAsync(Environment.NewLine + Summary.Of(screen));
return 0;
