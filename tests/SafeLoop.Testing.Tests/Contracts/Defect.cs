namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>What can be wrong with a lock provider; each of them was in somebody's.</summary>
public enum Defect
{
    None,
    TwoHolders,
    Reentrant,
    FenceRepeats,
    FenceBeginsAnewAfterLoss,
    NotReleased,
    NeverExpires,
    ReleasesWithoutAskingWho,
    RenewsWithoutAskingWho,
    RenewsWhatWasReleased,
    RenewalExtendsNothing,
    CapitalsDoNotMatter,
    DoesNotWait,
    WaitsThoughCancelled,
    SaysAnotherLength,
    DeniesItsFencing,
}
