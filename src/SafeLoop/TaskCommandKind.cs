using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What a command requests.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskCommandKind>))]
public enum TaskCommandKind : byte
{
    /// <summary>All hosts pause the task or the key, see <see cref="RecurringTaskHandle.Pause"/>.</summary>
    Pause = 1,

    /// <summary>All hosts resume it, see <see cref="RecurringTaskHandle.Resume"/>.</summary>
    Resume = 2,

    /// <summary>One host runs an iteration now, see <see cref="RecurringTaskHandle.RunNowAsync"/>.</summary>
    RunNow = 3,

    /// <summary>All hosts that run now stop the loop, see <see cref="RecurringTaskHandle.Stop"/>.</summary>
    Stop = 4,

    /// <summary>All hosts that run now start the loop again, see <see cref="RecurringTaskHandle.Start"/>.</summary>
    Start = 5,

    /// <summary>
    /// All hosts change the options of the task, and hosts that start later too, until code or configuration changes them.
    /// </summary>
    Change = 6,

    /// <summary>
    /// All hosts forget a key. Sent by <see cref="IRecurringTaskHistory.EraseAsync"/>, not by
    /// <see cref="IRecurringTaskCommands"/>.
    /// </summary>
    Erase = 7,

    /// <summary>
    /// All hosts cancel what they are running of the task or the key, see <see cref="RecurringTaskHandle.CancelRunning"/>. A host
    /// that reads it later than <see cref="TaskCommand.ExpiresAfter"/> cancels nothing.
    /// </summary>
    Cancel = 8,
}
