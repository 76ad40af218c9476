using System.Net.NetworkInformation;

namespace DeviceInfo.Device;

/// <summary>Network interfaces with their byte counters. An interface that cannot be read is left out, and is no error.</summary>
internal static class InterfaceReader
{
    public static IReadOnlyList<InterfaceReading> Read()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().Select(TryRead).OfType<InterfaceReading>()];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static InterfaceReading? TryRead(NetworkInterface network)
    {
        try
        {
            var counters = network.GetIPStatistics();
            return new InterfaceReading(
                network.Name,
                network.OperationalStatus == OperationalStatus.Up,
                counters.BytesReceived,
                counters.BytesSent);
        }
        catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException or IOException)
        {
            return null;
        }
    }
}
