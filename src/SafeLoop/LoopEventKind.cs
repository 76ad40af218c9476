using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>The kind of a <see cref="LoopEvent"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoopEventKind>))]
public enum LoopEventKind
{
    /// <summary>The loop started.</summary>
    LoopStarted,

    /// <summary>An iteration started: its steps are about to run.</summary>
    IterationStarted,

    /// <summary>
    /// A slot ended: an iteration ended, or slots were skipped. <see cref="LoopEvent.Record"/> is set. When the iteration has a
    /// span, that span is <see cref="System.Diagnostics.Activity.Current"/> while observers are called.
    /// </summary>
    IterationEnded,

    /// <summary>A cancelled iteration has not ended within its grace period.</summary>
    IterationStuck,

    /// <summary>An iteration that was reported as stuck has ended.</summary>
    IterationUnstuck,

    /// <summary>The task was paused; <see cref="LoopEvent.Text"/> gives the reason.</summary>
    Paused,

    /// <summary>The task was resumed.</summary>
    Resumed,

    /// <summary>New options took effect.</summary>
    Changed,

    /// <summary>
    /// New options were invalid; the old ones stay in force. <see cref="LoopEvent.Text"/> lists the problems.
    /// </summary>
    ChangeRejected,

    /// <summary>
    /// Code outside the steps failed, and the loop continues: a check, a handler, the release of a lock, a delay policy.
    /// <see cref="LoopEvent.FaultKind"/> says what failed, and <see cref="LoopEvent.Text"/> describes it.
    /// </summary>
    Fault,

    /// <summary>The loop ended; <see cref="LoopEvent.End"/> gives the reason.</summary>
    LoopEnded,

    /// <summary>
    /// The heap was above the threshold of <c>AddMemoryWatch</c> after two full collections in a row, and rising.
    /// <see cref="LoopEvent.Text"/> gives the size of the heap and what to do.
    /// </summary>
    MemoryRising,

    /// <summary>
    /// The host owns a shard of the task and runs its loops (<c>InCluster</c>). <see cref="LoopEvent.Text"/> gives the shard,
    /// its epoch, and how its loops begin.
    /// </summary>
    ShardOpened,

    /// <summary>
    /// The host has given a shard of the task away. <see cref="LoopEvent.Text"/> gives the shard, its epoch, and how many loops
    /// it has handed over.
    /// </summary>
    ShardClosed,

    /// <summary>
    /// The host could no longer prove that it owns a shard of the task, and has ended its loops. <see cref="LoopEvent.Text"/>
    /// gives the shard, its epoch, and the reason.
    /// </summary>
    ShardLost,
}
