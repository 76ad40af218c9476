using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.Blocking;

/// <summary>
/// One engine in a process of its own: no engine gets the threads another one's blocked tasks have made the pool grow by.
/// </summary>
/// <param name="Runs">Of the innocent task.</param>
/// <param name="OthersWait">How long work that others queue in the thread pool waits for a thread: the median.</param>
internal sealed record Measurement(int Runs, TimeSpan OthersWait)
{
    private const string Prefix = "measured:";

    /// <summary>Measures the engine in this process, and writes the result for the process that has started it.</summary>
    public static async Task<int> ReportAsync(string name)
    {
        await EngineCatalog.All[name]().StartAsync();
        var ended = new TaskCompletionSource();
        new Thread(() => Watch(ended)).Start(); // a thread of its own: the pool is what is measured
        await ended.Task;
        return 0;
    }

    public static Measurement Of(string engine)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // started as 'dotnet SafeLoop.Blocking.dll'
        string[] arguments = ["--measure", engine];
        var start = new ProcessStartInfo(program, isHost ? [typeof(Measurement).Assembly.Location, .. arguments] : arguments) { RedirectStandardOutput = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = Scene.Cores.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{engine} was not measured: exit code {process.ExitCode}. {output}");
        var figures = line.Split(' ');
        return new(int.Parse(figures[1], CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(double.Parse(figures[2], CultureInfo.InvariantCulture)));
    }

    private static void Watch(TaskCompletionSource ended)
    {
        Thread.Sleep(TimeSpan.FromSeconds(1)); // what starts late, or at once, is not measured
        var (began, before) = (Stopwatch.GetTimestamp(), Scene.Runs);
        var waits = new List<Task<TimeSpan>>();
        while (Stopwatch.GetElapsedTime(began) < Scene.Measured)
        {
            var queued = Stopwatch.GetTimestamp();
            waits.Add(Task.Run(() => Stopwatch.GetElapsedTime(queued)));
            Thread.Sleep(100);
        }

        var runs = Scene.Runs - before;
        // Still waiting: as long as was measured.
        var sorted = waits.Select(wait => wait.IsCompletedSuccessfully ? wait.Result : Scene.Measured).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Prefix} {runs} {sorted[sorted.Length / 2].TotalMilliseconds:0}"));
        Console.Out.Flush();
        Environment.Exit(0); // blockers are not waited for
        ended.SetResult();
    }
}
