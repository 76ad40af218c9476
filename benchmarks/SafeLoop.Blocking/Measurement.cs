using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.Blocking;

/// <summary>
/// Measures one engine in its own process, because blocked tasks make the pool of a process grow.
/// </summary>
/// <param name="Runs">The runs of the innocent task.</param>
/// <param name="OthersWait">The median time that other queued work waits for a thread of the pool.</param>
internal sealed record Measurement(int Runs, TimeSpan OthersWait)
{
    private const string Prefix = "measured:";

    /// <summary>Measures the engine in this process, writes the result for the parent process, and exits.</summary>
    public static async Task ReportAsync(string name)
    {
        await EngineCatalog.All[name]().StartAsync();
        new Thread(Watch).Start(); // a separate thread, because the pool is what is measured
        await new TaskCompletionSource().Task; // until Watch ends the process
    }

    public static Measurement Run(string engine)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // started as 'dotnet SafeLoop.Blocking.dll'
        string[] arguments = ["--measure", engine];
        if (isHost)
            arguments = [typeof(Measurement).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = Scene.Cores.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{engine} was not measured: exit code {process.ExitCode}. {output}");
        var figures = line.Split(' ');
        var wait = TimeSpan.FromMilliseconds(double.Parse(figures[2], CultureInfo.InvariantCulture));
        return new(int.Parse(figures[1], CultureInfo.InvariantCulture), wait);
    }

    private static void Watch()
    {
        Thread.Sleep(TimeSpan.FromSeconds(1)); // the start of the engine is not measured
        var (began, before) = (Stopwatch.GetTimestamp(), Scene.Runs);
        var waits = new List<Task<TimeSpan>>();
        while (Stopwatch.GetElapsedTime(began) < Scene.Measured)
        {
            var queued = Stopwatch.GetTimestamp();
            waits.Add(Task.Run(() => Stopwatch.GetElapsedTime(queued)));
            Thread.Sleep(100);
        }

        var runs = Scene.Runs - before;
        // Work that still waits counts with the whole measured time.
        var sorted = waits.Select(wait => wait.IsCompletedSuccessfully ? wait.Result : Scene.Measured).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Prefix} {runs} {sorted[sorted.Length / 2].TotalMilliseconds:0}"));
        Console.Out.Flush();
        Environment.Exit(0); // without waiting for the blockers
    }
}
