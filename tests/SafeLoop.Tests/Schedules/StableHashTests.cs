namespace SafeLoop.Tests.Schedules;

public class StableHashTests
{
    // Computed by another implementation of FNV-1a and fmix64: what a process of any version, on any machine, must answer.
    [Theory]
    [InlineData("", 0.93676944839044)]
    [InlineData("updateDeviceInfo", 0.10917605833294053)]
    [InlineData("a", 0.5102945176565711)]
    [InlineData("Gerät-7", 0.7601225367137555)]
    public void A_name_has_the_same_share_in_every_process(string name, double share) =>
        Assert.Equal(share, StableHash.Share(name));

    [Theory]
    [InlineData("device-{0}")]
    [InlineData("{0}")]
    [InlineData("tenant/{0}/sync")]
    public void Names_that_differ_in_a_number_are_spread_evenly(string format)
    {
        const int Names = 100_000, Parts = 100;
        var counts = new int[Parts];
        for (var i = 0; i < Names; i++)
            counts[(int)(StableHash.Share(string.Format(null, format, i)) * Parts)]++;

        // Chi-squared with 99 degrees of freedom is above 180 once in a million times.
        const double Expected = (double)Names / Parts;
        Assert.InRange(counts.Sum(count => (count - Expected) * (count - Expected) / Expected), 0, 180);
    }
}
