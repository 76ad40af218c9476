using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Watches a process; when the rule holds, captures, diagnoses and keeps the report, before the process dies.</summary>
internal sealed class Watcher(TargetProcess target, WatchOptions options, IWatchView view, TimeProvider time)
{
    private static readonly TimeSpan ViewInterval = TimeSpan.FromSeconds(1);

    private readonly Trend _trend = new();
    private readonly List<LeakReport> _earlier = [];
    private int _alerts;
    private bool _wasHolding;
    private TimeSpan _alerted;
    private TimeSpan _shown = -ViewInterval;
    private int _exitCode = ExitCode.NothingFound;

    /// <summary>
    /// Watches until the process ends, enough reports were made, or the token is cancelled. It finishes a report that has
    /// begun. Blocks.
    /// </summary>
    /// <returns>The exit code of the last report; that nothing was found, if the rule never held.</returns>
    public int Run(CancellationToken cancelled)
    {
        try
        {
            Watch(cancelled);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            // Between two reports, or before the first: the last exit code remains.
        }
        return _exitCode;
    }

    private void Watch(CancellationToken cancelled)
    {
        // First, so that the modules are known even if the process dies on the alert.
        var map = ModuleMap.Read(target, options.Limit, cancelled);
        var session = new WatchSession(target, HeapLimits.Of(target.Id, map.HardLimit), time);
        session.Run(options.Limit, Moment, cancelled);
        if (_alerts == 0 && !cancelled.IsCancellationRequested)
            view.Problem($"Process {target.Id} ({target.Name}) ended, and {options.Rule.Text} never held.");

        bool Moment(Measures measures, TimeSpan at)
        {
            var now = time.GetUtcNow();
            _trend.Add(new TrendPoint(now, (long)measures["heap_used"], measures["gc_pause_ratio"],
                (long)measures["gen2_collections"]));
            if (at - _shown >= ViewInterval)
            {
                _shown = at;
                view.Moment(now, measures);
            }

            // An alert is the moment the rule begins to hold, or has held for so long again, not every moment it does.
            var (holds, wasHolding) = (options.Rule.Holds(measures, at), _wasHolding);
            _wasHolding = holds;
            if (!holds || (wasHolding && !(at - _alerted >= options.Every)))
                return true;

            _alerted = at;
            view.Alert(options.Rule, now, measures);
            Diagnose(map);
            return ++_alerts < options.Alerts && TryReadAgain(ref map, cancelled);
        }
    }

    /// <summary>Reads the modules loaded since. False for a process that has died on the alert.</summary>
    private bool TryReadAgain(ref ModuleMap map, CancellationToken cancelled)
    {
        try
        {
            map = ModuleMap.Read(target, options.Limit, cancelled);
        }
        catch (ToolException) when (!target.IsAlive())
        {
            return false;
        }
        return true;
    }

    private void Diagnose(ModuleMap map)
    {
        try
        {
            var snapshot = Heaps.Capture(target, map, options.Limit);
            var report = Diagnoser.Diagnose(snapshot, options.MinFrames, _earlier) with { Trend = _trend.Points };
            if (options.Alerts > _alerts + 1)
                // all chains: what is small now may be large at the next alert
                _earlier.Add(Diagnoser.Diagnose(snapshot, Diagnoser.LeastFrames, _earlier));
            _exitCode = ExitCodes.Of(report);
            var (file, problem) = TryKeep(report);
            view.Report(report, file);
            if (problem is not null)
                view.Problem(problem.Message); // the report is there all the same
            Execute(report, file);
        }
        catch (ToolException error)
        {
            view.Problem(error.Message);
            _exitCode = error.ExitCode;
        }
    }

    private (string? File, ToolException? Problem) TryKeep(LeakReport report)
    {
        try
        {
            return (Keep(report), null);
        }
        catch (ToolException error)
        {
            return (null, error);
        }
    }

    /// <summary>As JSON for programs and as a page for people, both private.</summary>
    private string Keep(LeakReport report)
    {
        var stamp = report.Origin.TakenAt.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var file = Path.GetFullPath(Path.Combine(
            options.Folder, $"safeloop-{target.Name}-{target.Id.ToString(CultureInfo.InvariantCulture)}-{stamp}.json"));
        PrivateFile.Write(file, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(JsonReport.Of(report))));
        HtmlReport.Write(Path.ChangeExtension(file, ".html"), report);
        return file;
    }

    private void Execute(LeakReport report, string? file)
    {
        if (options.Exec is not { } command)
            return;

        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.Environment["SAFELOOP_PID"] = target.Id.ToString(CultureInfo.InvariantCulture);
        start.Environment["SAFELOOP_VERDICT"] = report.Verdict.ToString();
        start.Environment["SAFELOOP_REPORT"] = file;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        using var undo = Termination.RegisterUndo(() => Stop(process));
        using var errors = Console.OpenStandardError(); // our own output may be read by a program
        if (!Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(errors), process.WaitForExitAsync())
            .Wait(options.ExecLimit))
        {
            Stop(process);
            view.Problem(
                $"The command of --exec had not ended after {Text.Duration(options.ExecLimit)} and was stopped: {command}");
        }
        else if (process.ExitCode != 0)
            view.Problem(
                $"The command of --exec ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}: {command}");
    }

    private static void Stop(Process command)
    {
        try
        {
            command.Kill(entireProcessTree: true);
        }
        catch (AggregateException)
        {
            // What it started as another user goes on; the watch does, too.
        }
    }
}
