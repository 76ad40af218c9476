using System.Diagnostics;
using System.Text.Json;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Running;

/// <summary>
/// Runs one scenario in a process of its own: no engine meets the heap, the threads or the compiled code of another.
/// </summary>
internal sealed class EngineProcess(TimeSpan timeOut)
{
    public const string MeasureArgument = "--measure";
    public const string Phase = "phase: ", Result = "measured: ", Failure = "failed: ";

    public async Task<Attempt> RunAsync(Scenario scenario, int repetition)
    {
        using var process = Process.Start(Command(scenario))!;
        using var limit = new CancellationTokenSource(timeOut);
        var last = "starting the process";
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(Result, StringComparison.Ordinal))
                    return new(scenario, repetition)
                    {
                        Measurement = JsonSerializer.Deserialize<Measurement>(line[Result.Length..])
                    };
                if (line.StartsWith(Failure, StringComparison.Ordinal))
                    return new(scenario, repetition) { Problem = $"{last}: {line[Failure.Length..]}" };
                if (line.StartsWith(Phase, StringComparison.Ordinal))
                    last = line[Phase.Length..];
            }
            await process.WaitForExitAsync(limit.Token);
            return new(scenario, repetition) { Problem = $"{last}: the process ended with exit code {process.ExitCode}" };
        }
        catch (OperationCanceledException)
        {
            return new(scenario, repetition)
            {
                Problem = FormattableString.Invariant($"{last}: not done after {timeOut.TotalSeconds:0} s")
            };
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static ProcessStartInfo Command(Scenario scenario)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // started as 'dotnet SafeLoop.Scale.dll'
        string[] arguments = [MeasureArgument, scenario.ToJson()];
        return new(program, isHost ? [typeof(EngineProcess).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardOutput = true
        };
    }
}
