namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>What can be wrong with a store.</summary>
public enum StoreDefect
{
    SlotIsNotCompared,
    OnlyTheSameSlotIsRefused,
    EveryClaimIsOwn,
    OwnClaimIsRefused,
    LostHostsClaim,
    LateOutcomesAreRecorded,
    RepeatedOutcomeIsRefused,
    LostClaimsEndAgain,
    TimeIsThatOfTheHost,
    SilenceIsNotNoticed,
    HostsAreLostTooSoon,
    BatchNumberIsIgnored,
    PauseIsOverwritten,
    LastSlotIsSetBack,
    CountsAreReplaced,
    SlotsAreRounded,
    CapitalsOfKeysDoNotMatter,
    KeysAreTrimmed,
    KeysAreCut,
    KeysAreCleaned,
    EmptyKeyIsTheTask,
    CommandsAreAddedBlindly,
    CommandsAreTakenByAll,
    NumbersAreGivenAgain,
    EqualSlotsAreLost,
    EqualSlotsAreRepeated,
    InstancesAreDeletedWithTheirClaims,
    ApplicationsAreMixed,
}
