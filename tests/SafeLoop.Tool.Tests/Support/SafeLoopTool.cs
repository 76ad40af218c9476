using System.Globalization;
using System.Text.Json;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>Runs the tool as its users do: as a process.</summary>
internal static class SafeLoopTool
{
    public static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "SafeLoop.Tool.dll");

    public static RunningProgram Start(params string[] arguments) => RunningProgram.StartDotnet(Assembly, arguments);

    public static async Task<Ended> RunAsync(params string[] arguments)
    {
        using var tool = Start(arguments);
        var ended = await tool.EndAsync();
        Xunit.Assert.DoesNotContain("   at SafeLoop", ended.Errors);
        Xunit.Assert.DoesNotContain("Unhandled exception", ended.Errors);
        return ended;
    }

    public static async Task<(int ExitCode, LeakReport Report)> DiagnoseAsync(string target, params string[] arguments)
    {
        var ended = await RunAsync(["diagnose", target, "--json", .. arguments]);
        Xunit.Assert.True(ended.Output.StartsWith('{'), $"No report but: {ended.Output}{ended.Errors}");
        return (ended.ExitCode, JsonSerializer.Deserialize(ended.Output, JsonReport.Default.LeakReport)!);
    }

    public static Task<(int ExitCode, LeakReport Report)> DiagnoseAsync(RunningProgram target, params string[] arguments) =>
        DiagnoseAsync(target.Id.ToString(CultureInfo.InvariantCulture), arguments);
}
