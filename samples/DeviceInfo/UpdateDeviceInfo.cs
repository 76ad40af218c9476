using DeviceInfo.Device;
using DeviceInfo.Store;
using SafeLoop;

namespace DeviceInfo;

/// <summary>Reads this machine and stores what it saw.</summary>
internal sealed class UpdateDeviceInfo(DeviceReader reader, DeviceStore store) : IRecurringTask
{
    public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) =>
        new(store.SaveAsync(reader.Read(), cancellationToken));
}
