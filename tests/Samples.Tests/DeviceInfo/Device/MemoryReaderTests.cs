using DeviceInfo.Device;
using Samples.Tests.Support;

namespace Samples.Tests.DeviceInfo.Device;

public sealed class MemoryReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Kernel_figures_are_read_as_kibibytes()
    {
        var source = _directory.Write("meminfo", "MemTotal:       2048 kB\nMemFree:        1 kB\nMemAvailable:   1024 kB\n");

        Assert.Equal(new MemoryReading(2048 * 1024, 1024 * 1024), new MemoryReader(source).Read());
    }

    [Fact]
    public void A_kernel_that_does_not_say_what_is_available_leaves_it_unknown()
    {
        var source = _directory.Write("meminfo", "MemTotal:       2048 kB\n");

        Assert.Equal(new MemoryReading(2048 * 1024, null), new MemoryReader(source).Read());
    }

    [Fact]
    public void A_system_without_the_file_is_asked_through_the_garbage_collector()
    {
        GC.Collect();

        var memory = new MemoryReader(_directory.File("nothing")).Read();

        Assert.True(memory.TotalBytes > 0);
        Assert.InRange(memory.AvailableBytes!.Value, 0, memory.TotalBytes);
    }

    public void Dispose() => _directory.Dispose();
}
