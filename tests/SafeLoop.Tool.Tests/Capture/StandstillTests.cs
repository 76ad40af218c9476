namespace SafeLoop.Tool.Tests.Capture;

public class StandstillTests
{
    [Fact]
    public void What_is_to_be_expected_is_said_in_time_and_by_the_size_of_the_process()
    {
        Assert.Equal(
            "one full garbage collection and a walk over its heap: some 300 ms to 2.0 s, by its size, where a processor is free",
            Standstill.Of(CaptureMeans.Graph, 1000L * 1024 * 1024));
    }

    [Fact]
    public void Of_a_process_whose_size_is_not_known_no_time_is_promised()
    {
        Assert.Equal("one full garbage collection and a walk over its heap", Standstill.Of(CaptureMeans.Graph, 0));
    }
}
