namespace SafeLoop.Tool.Tests.Capture;

public class StandstillTests
{
    [Fact]
    public void What_is_to_be_expected_is_said_in_time_and_by_the_size_of_the_process()
    {
        Assert.Equal(
            "one full garbage collection and a walk over its heap: some 775 ms by its size, give or take a factor of 2.6 "
            + "(300 ms to 2.0 s), where a processor is free",
            Standstill.Of(CaptureMeans.Graph, 1000L * 1024 * 1024));
    }

    [Fact]
    public void A_prediction_that_was_too_short_is_owned_up_to()
    {
        const long Size = 100L * 1024 * 1024;

        Assert.Null(Standstill.ErrorOf(TimeSpan.FromMilliseconds(150), Size));
        Assert.StartsWith("It stood still for 400 ms; 30 ms to 200 ms were expected",
            Standstill.ErrorOf(TimeSpan.FromMilliseconds(400), Size), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_process_whose_size_is_not_known_no_time_is_promised()
    {
        Assert.Equal("one full garbage collection and a walk over its heap", Standstill.Of(CaptureMeans.Graph, 0));
    }
}
