namespace SafeLoop.Tool;

/// <summary>How large a process's heap may grow, as the runtime decides it.</summary>
internal static class HeapLimits
{
    /// <summary>
    /// A set limit; else three quarters of the control group's; else the machine's memory, or, where the system does
    /// not report it, what this process may take.
    /// </summary>
    public static long Of(int processId, long hardLimit)
    {
        if (hardLimit > 0)
            return hardLimit;

        var group = ProcessMemory.GroupLimit(processId);
        if (group > 0)
            return group / 4 * 3;
        var machine = ProcessMemory.Machine();
        return machine > 0 ? machine : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }
}
