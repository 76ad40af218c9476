using DeviceInfo.Device;
using Samples.Tests.Support;

namespace Samples.Tests.DeviceInfo.Device;

public sealed class TemperatureReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Zones_and_hardware_monitors_are_read_with_their_names()
    {
        _directory.Write("thermal/thermal_zone0/type", "x86_pkg_temp\n");
        _directory.Write("thermal/thermal_zone0/temp", "48500\n");
        _directory.Write("hwmon/hwmon1/name", "nvme\n");
        _directory.Write("hwmon/hwmon1/temp1_label", "Composite\n");
        _directory.Write("hwmon/hwmon1/temp1_input", "-2000\n");
        _directory.Write("hwmon/hwmon1/temp2_input", "30000\n");

        Assert.Equal(
            [new("x86_pkg_temp", 48.5), new("nvme Composite", -2), new("nvme 2", 30)],
            new TemperatureReader(_directory.Root).Read());
    }

    [Theory]
    [InlineData("-274000")]
    [InlineData("")]
    [InlineData("hot")]
    public void A_sensor_that_reports_nonsense_is_left_out(string text)
    {
        _directory.Write("thermal/thermal_zone0/temp", text);

        Assert.Empty(new TemperatureReader(_directory.Root).Read());
    }

    [Fact]
    public void A_machine_without_sensors_has_no_temperatures()
    {
        Assert.Empty(new TemperatureReader(_directory.File("nothing")).Read());
    }

    public void Dispose() => _directory.Dispose();
}
