namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What a scenario did to its hosts, for the judge. Times are those of the database.</summary>
internal sealed class CrashLog
{
    /// <summary>True: a process may get no CPU time for so long that it is taken for lost.</summary>
    public bool IsRealTime { get; init; }

    /// <summary>The first slot of each task of which the store knew, in microseconds.</summary>
    public Dictionary<string, long> FirstSlots { get; } = [];

    /// <summary>When each task was certainly paused on all hosts.</summary>
    public List<(string Task, long From, long To)> Pauses { get; } = [];

    /// <summary>Pauses whose results have the time from which each host was paused.</summary>
    public List<CrashPause> ConfirmedPauses { get; } = [];

    /// <summary>The ids of real processes, by their names.</summary>
    public Dictionary<string, int> ProcessIds { get; } = [];

    /// <summary>What went wrong while the scenario ran.</summary>
    public HashSet<string> Failures { get; } = [];

    /// <summary>
    /// The tasks that must be paused at the end. All others must not be, but for those in <see cref="Unconfirmed"/>.
    /// </summary>
    public HashSet<string> Paused { get; } = [];

    /// <summary>Tasks of whose pause it is not known whether the store has it.</summary>
    public HashSet<string> Unconfirmed { get; } = [];

    /// <summary>True: the store has confirmed the change.</summary>
    public bool IsChanged { get; set; }

    /// <summary>What the processes have of their tasks at the end, and one that was started after it.</summary>
    public List<TaskState> States { get; } = [];

    /// <summary>The commands that the store has confirmed.</summary>
    public List<TaskCommand> Commands { get; } = [];

    /// <summary>The processes that were killed.</summary>
    public HashSet<string> Killed { get; } = [];

    /// <summary>How many processes were running at the end.</summary>
    public int Running { get; set; }

    /// <summary>Every slot before this has an outcome at the end, in microseconds.</summary>
    public long End { get; set; }
}
