namespace SafeLoop.Tool;

/// <summary>How large a process's heap may grow, as the runtime decides it.</summary>
internal static class HeapLimits
{
    /// <summary>A set limit; else three quarters of the control group's; else the machine's memory.</summary>
    public static long Of(int processId, long hardLimit)
    {
        if (hardLimit > 0)
            return hardLimit;

        var group = ProcessMemory.GroupLimit(processId);
        return group > 0 ? group / 4 * 3 : ProcessMemory.Machine();
    }
}
