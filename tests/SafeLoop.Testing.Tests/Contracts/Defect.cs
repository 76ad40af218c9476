namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A defect of a lock provider. Real providers have had each of them.</summary>
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
