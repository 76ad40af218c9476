using DeviceInfo.Device;
using Samples.Tests.Support;

namespace Samples.Tests.DeviceInfo.Device;

public sealed class CpuLoadReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Load_is_the_busy_share_of_the_ticks_between_two_reads()
    {
        var reader = new CpuLoadReader(Stat("cpu  100 0 100 1000 50 0 0 0 0 0"));

        Stat("cpu  120 0 110 1060 60 0 0 0 0 0"); // 30 busy, 70 idle or waiting for a disk
        Assert.Equal(0.3, reader.Read());

        Stat("cpu  220 0 110 1060 60 0 0 0 0 0"); // 100 more, all busy
        Assert.Equal(1.0, reader.Read());
    }

    [Fact]
    public void Guest_ticks_are_not_counted_twice()
    {
        var reader = new CpuLoadReader(Stat("cpu  0 0 0 0 0 0 0 0 0 0"));

        Stat("cpu  50 0 0 50 0 0 0 0 50 0");
        Assert.Equal(0.5, reader.Read());
    }

    [Fact]
    public void Too_few_ticks_give_no_load_and_are_kept_for_the_next_read()
    {
        var reader = new CpuLoadReader(Stat("cpu  0 0 0 0 0 0 0 0 0 0"));

        Stat("cpu  5 0 0 0 0 0 0 0 0 0");
        Assert.Null(reader.Read());

        Stat("cpu  5 0 0 15 0 0 0 0 0 0");
        Assert.Equal(0.25, reader.Read());
    }

    [Fact]
    public void A_system_without_the_file_has_no_load()
    {
        Assert.Null(new CpuLoadReader(_directory.File("nothing")).Read());
    }

    public void Dispose() => _directory.Dispose();

    private string Stat(string firstLine) => _directory.Write("stat", firstLine + "\ncpu0 1 2 3 4\n");
}
