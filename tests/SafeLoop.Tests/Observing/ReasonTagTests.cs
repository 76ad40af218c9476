namespace SafeLoop.Tests.Observing;

public class ReasonTagTests
{
    public static TheoryData<OutcomeReason> Reasons => [.. Enum.GetValues<OutcomeReason>().Except([OutcomeReason.None])];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Each_reason_has_a_tag_of_its_own_name(OutcomeReason reason) =>
        Assert.Equal($"{reason}", ReasonTags.Get(reason).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
