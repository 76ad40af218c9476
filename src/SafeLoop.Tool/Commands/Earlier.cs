namespace SafeLoop.Tool;

/// <summary>Captures of a process that the last one is compared with.</summary>
internal static class Earlier
{
    /// <param name="capture">Captures the process.</param>
    /// <param name="count">How many times.</param>
    /// <param name="every">How long to wait after each.</param>
    /// <param name="cancelled">Ends the waiting.</param>
    /// <exception cref="ToolException">The process has ended meanwhile.</exception>
    public static async Task<IReadOnlyList<LeakReport>> CaptureAsync(Func<Snapshot> capture, int count, TimeSpan every,
        CancellationToken cancelled)
    {
        var reports = new List<LeakReport>();
        while (reports.Count < count)
        {
            // Of chains all of them: what is small now may be large later.
            var report = Diagnoser.Diagnose(capture(), Diagnoser.LeastFrames, reports);
            reports.Add(report);
            await Console.Error.WriteLineAsync(
                $"Capture {Text.Count(reports.Count)} of {Text.Count(count + 1)}: {Text.Bytes(report.Bytes)} live. "
                + $"The next one follows in {Text.Duration(every)}.");
            var process = TargetProcess.Find(report.Origin.ProcessId);
            await Task.Delay(every, TimeProvider.System, cancelled);
            process.MustStillRun();
        }

        return reports;
    }
}
