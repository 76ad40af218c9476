using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What failed outside the steps.</summary>
/// <remarks>The log event of a kind has its name, and 100 plus its value as id.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>No fault: the value of events of other kinds.</summary>
    None = 0,

    /// <summary>An <c>Until</c> check threw. The loop continues as if it had returned false.</summary>
    UntilCheckThrew = 1,

    /// <summary>An <c>OnFailure</c> handler threw. The outcome of the iteration stays as it is.</summary>
    FailureHandlerThrew = 2,

    /// <summary>A callback that a step registered on its cancellation token threw.</summary>
    CancellationCallbackThrew = 3,

    /// <summary>After a step threw, the services of its scope could not be disposed. The outcome is that of the step.</summary>
    ServicesNotDisposed = 4,

    /// <summary>The delay policy threw, or returned a time that is not after the last slot.</summary>
    DelayPolicyBroken = 5,

    /// <summary>An exclusion threw. The day it was called for is not excluded.</summary>
    ExclusionThrew = 6,

    /// <summary>
    /// The <c>ToString</c> of a key threw. Its slots are not spread, and in a cluster its loop does not run, or moves without its
    /// state.
    /// </summary>
    KeyTextThrew = 7,

    /// <summary>A listener of SafeLoop's traces threw.</summary>
    TraceListenerThrew = 8,

    /// <summary>A renewal of the lock failed. SafeLoop tries again while the lease has not expired.</summary>
    LockNotRenewed = 9,

    /// <summary>A renewal of the lock was not answered in time. SafeLoop cancels it and tries again.</summary>
    LockRenewalHung = 10,

    /// <summary>A callback that the lock provider registered on the cancellation token of a renewal threw.</summary>
    LockCallbackThrew = 11,

    /// <summary>The lock could not be released. It is free when its lease expires.</summary>
    LockNotReleased = 12,

    /// <summary>The slot was not recorded as run, because the lock provider threw. Another replica may run it again.</summary>
    SlotNotRecorded = 13,

    /// <summary>The slot was not recorded as run, because the lock has a later holder, which may run it again.</summary>
    SlotRecordRejected = 14,

    /// <summary>The wall clock was set back far behind the last slot, so the schedule begins anew.</summary>
    ScheduleRestarted = 15,

    /// <summary>The wall clock was set back, and the loop waits until the clock has passed the last slot.</summary>
    WaitsForClock = 16,

    /// <summary>An iteration without a time limit has been running for an hour and for a whole period.</summary>
    LongIteration = 17,

    /// <summary>A call of an observer, the log, a policy, a check or a provider has not returned for 10 s or longer.</summary>
    CallBlocked = 18,

    /// <summary>A step has blocked its thread repeatedly.</summary>
    ThreadBlocked = 19,

    /// <summary>A step called <c>RunNowAsync</c> of its own task. The run would wait for itself, so it is skipped.</summary>
    OwnRunRefused = 20,

    /// <summary>SafeLoop could not stop the host, although the failure policy demands it.</summary>
    HostStopFailed = 21,

    /// <summary>The loop ended by an exception of SafeLoop itself. Please report it.</summary>
    LoopCrashed = 22,

    /// <summary>
    /// The store failed or did not answer. Loops go on, and what they do is saved later; the steps of tasks with
    /// <c>SurviveRestarts</c> do not run meanwhile.
    /// </summary>
    StoreFailed = 23,

    /// <summary>The store refused the outcome of a slot, because the slot has another outcome already.</summary>
    OutcomeNotStored = 24,

    /// <summary>A slot was interrupted, because the host that ran it was lost.</summary>
    HostLost = 25,

    /// <summary>
    /// The text of a key does not identify it: <c>ToString</c> threw, returned null or another text than before, or two keys have
    /// the same text. Nothing is stored of the key.
    /// </summary>
    KeyNotStored = 26,

    /// <summary>
    /// A ping of <c>PingAfter</c> did not arrive: the service did not answer in time, or not with success. It is a fault once,
    /// until a ping arrives again.
    /// </summary>
    PingFailed = 27,
}
