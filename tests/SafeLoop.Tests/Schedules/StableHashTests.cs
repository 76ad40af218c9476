namespace SafeLoop.Tests.Schedules;

public class StableHashTests
{
    // Computed by another implementation of FNV-1a and fmix64 over UTF-8. Stored hashes depend on them: never change them.
    [Theory]
    [InlineData("", 0xefd01f60ba992926)]
    [InlineData("a", 0x82a2a958a9bece5b)]
    [InlineData("42", 0x810b196a56ee3cec)]
    [InlineData("device-1", 0xe340ac1c4190ad44)]
    [InlineData("device-2", 0x026bdaca6576ad4e)]
    [InlineData("Gerät-7", 0xc29763fc235d1b7f)]
    [InlineData("updateDeviceInfo", 0x1bf2f6500bd1ae52)]
    [InlineData("𝄞", 0x68440a1c1e2ec449)]
    [InlineData("6f9619ff-8b86-d011-b42d-00c04fc964ff", 0xf3416c77cfe75177)]
    public void A_text_has_the_same_hash_for_ever(string text, ulong hash) => Assert.Equal(hash, StableHash.Compute(text));

    [Fact]
    public void Half_a_surrogate_pair_counts_as_the_replacement_character() =>
        Assert.Equal(0xcf0b301fe2a776cd, StableHash.Compute("\ud834"));

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
