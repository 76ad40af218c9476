using DeviceInfo.Device;
using Microsoft.Extensions.Time.Testing;

namespace Samples.Tests.DeviceInfo.Device;

public sealed class DeviceReaderTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddDays(1));

    [Fact]
    public void Reading_this_machine_gives_values_a_machine_can_have()
    {
        var reading = new DeviceReader(_clock).Read();

        Assert.Equal(_clock.GetUtcNow(), reading.ReadAt);
        Assert.InRange(reading.CpuLoad ?? 0, 0, 1);
        Assert.True(reading.Memory.TotalBytes > 64 << 20);
        Assert.InRange(reading.Memory.AvailableBytes ?? 0, 0, reading.Memory.TotalBytes);
        Assert.All(reading.Disks, disk => Assert.InRange(disk.FreeBytes, 0, disk.TotalBytes));
        Assert.All(reading.Interfaces, network => Assert.True(network.BytesReceived >= 0 && network.BytesSent >= 0));
        Assert.All(reading.Temperatures, sensor => Assert.InRange(sensor.Celsius, -60, 150));
    }

    [Fact]
    public void This_machine_has_a_network_interface_and_no_pseudo_disk()
    {
        var reading = new DeviceReader(_clock).Read();

        Assert.NotEmpty(reading.Interfaces);
        Assert.DoesNotContain(
            reading.Disks, disk => disk.Format is "proc" or "sysfs" or "tmpfs" or "devtmpfs" or "cgroup2fs" or "squashfs");
    }

    [Fact]
    public void Rows_count_the_reading_and_each_of_its_parts()
    {
        var reading = new DeviceReading(
            _clock.GetUtcNow(), null, new MemoryReading(1, null),
            [new DiskReading("/", "ext4", 2, 1)], [new InterfaceReading("lo", true, 1, 1)], [new TemperatureReading("cpu", 40)]);

        Assert.Equal(4, reading.Rows);
    }
}
