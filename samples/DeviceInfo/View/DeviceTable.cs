using System.Globalization;
using DeviceInfo.Device;
using Samples;
using Spectre.Console;

namespace DeviceInfo.View;

/// <summary>The newest reading of the machine as a table.</summary>
internal static class DeviceTable
{
    private const string Unknown = "unknown";

    public static Table Of(DeviceReading? device)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).Expand().HideHeaders();
        table.AddColumns("what", "value");
        if (device is null)
        {
            Add("device", "not read yet");
            return table;
        }

        Add("CPU load", device.CpuLoad is { } load ? load.ToString("0.0 %", CultureInfo.InvariantCulture) : Unknown);
        Add("memory", $"{(device.Memory.AvailableBytes is { } free ? ByteSize.Text(free) : Unknown)} available of "
            + $"{ByteSize.Text(device.Memory.TotalBytes)}");
        foreach (var disk in device.Disks)
            Add($"disk {disk.Name}", $"{ByteSize.Text(disk.FreeBytes)} free of {ByteSize.Text(disk.TotalBytes)} ({disk.Format})");
        foreach (var network in device.Interfaces)
            Add($"network {network.Name}", $"{ByteSize.Text(network.BytesReceived)} in, "
                + $"{ByteSize.Text(network.BytesSent)} out{(network.IsUp ? "" : " (down)")}");
        foreach (var sensor in device.Temperatures)
            Add($"temperature {sensor.Sensor}", sensor.Celsius.ToString("0.0 °C", CultureInfo.InvariantCulture));
        return table;

        void Add(string what, string value) => table.AddRow(new Text(what, new Style(Color.Grey)), new Text(value));
    }
}
