using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What was found out about an instant: the case that <see cref="SlotExplanation.Text"/> describes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlotFinding>))]
public enum SlotFinding
{
    /// <summary>A slot with an outcome, which <see cref="SlotExplanation.Entry"/> has.</summary>
    Recorded,

    /// <summary>It lies among several slots with one outcome, whose own instants are not known.</summary>
    AmongRecorded,

    /// <summary>A slot whose iteration is running.</summary>
    Running,

    /// <summary>A slot that waits for the iteration that is running.</summary>
    Queued,

    /// <summary>A slot whose time has come, and that waits for its jitter or for its loop.</summary>
    Pending,

    /// <summary>A slot that is yet to come.</summary>
    Upcoming,

    /// <summary>No slot: the task is not due then.</summary>
    NotDue,

    /// <summary>Not known yet: the slots depend on iterations that have not run.</summary>
    NotKnownYet,

    /// <summary>No slot: the task was not registered yet.</summary>
    NotRegistered,

    /// <summary>No slot: the host or the application has not started.</summary>
    NotStarted,

    /// <summary>No slot: the schedule counts from a later instant.</summary>
    BeforeSchedule,

    /// <summary>No slot: the loop has ended.</summary>
    Ended,

    /// <summary>No slot: it is after the task's <c>EndAt</c>.</summary>
    AfterEndAt,

    /// <summary>No slot: an exclusion excludes it.</summary>
    Excluded,

    /// <summary>No slot: its local time was skipped, or occurs twice and does not run this time.</summary>
    DaylightSaving,

    /// <summary>No slot: the back-off after failures put the next one off.</summary>
    BackOff,

    /// <summary>No slot: a step selected another one, or the options were changed.</summary>
    PassedOver,

    /// <summary>A slot may have been there, but its record is not kept.</summary>
    NotKept,

    /// <summary>The key is not among the keys of the task, and no record of it is kept.</summary>
    NoSuchKey,

    /// <summary>This host does not have the task or the key, and the store has no record of the instant.</summary>
    ScheduleUnknown,
}
