using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What a <see cref="LoopEvent"/> tells.</summary>
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

    /// <summary>An iteration was told to give up and has not, for longer than the grace period.</summary>
    IterationStuck,

    /// <summary>An iteration that had been reported as stuck ended after all.</summary>
    IterationUnstuck,

    /// <summary>The task was paused; <see cref="LoopEvent.Text"/> says why.</summary>
    Paused,

    /// <summary>The task was resumed.</summary>
    Resumed,

    /// <summary>New options took effect.</summary>
    Changed,

    /// <summary>New options were invalid; the old ones stay in force. <see cref="LoopEvent.Text"/> says what is wrong.</summary>
    ChangeRejected,

    /// <summary>Something beside the iteration failed and the loop went on: a check, a handler, a lock's release, a delay policy. <see cref="LoopEvent.Text"/> says what.</summary>
    Fault,

    /// <summary>The loop ended; <see cref="LoopEvent.End"/> says why.</summary>
    LoopEnded,

    /// <summary>The heap is fuller than it should be, twice in a row and rising (<c>AddMemoryWatch</c>). <see cref="LoopEvent.Text"/> says how full, and what to do.</summary>
    MemoryRising,
}
