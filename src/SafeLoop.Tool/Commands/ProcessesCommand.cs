using System.CommandLine;
using System.Globalization;

namespace SafeLoop.Tool;

/// <summary><c>safeloop ps</c>.</summary>
internal static class ProcessesCommand
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        var command =
            new Command("ps", "Lists the .NET processes that can be looked at, with their heap and its limit.") { json };
        command.SetAction(async parsed =>
        {
            var processes = await ListedProcess.AllAsync();
            if (parsed.GetValue(json))
                await Console.Out.WriteLineAsync(JsonReport.Of(processes));
            else if (processes.Count == 0)
                await Console.Out.WriteLineAsync("No .NET process of this user is running.");
            else
                Table.Write(Console.Out, ["pid", "heap", "limit", "resident", "name"], processes.Select(RowOf), rightAligned: 4);
            return ExitCode.NothingFound;
        });
        return command;
    }

    private static string[] RowOf(ListedProcess process) =>
    [
        process.Id.ToString(CultureInfo.InvariantCulture),
        process.HeapUsed is { } used ? Text.Bytes(used) : "?",
        Text.Bytes(process.HeapLimit),
        Text.Bytes(process.Resident),
        process.Name,
    ];
}
