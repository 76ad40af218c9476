using DashboardSample;
using Samples;

var line = CommandLine.Parse(args, "--port", "--database");
var database = line.Text("--database") ?? Path.Combine(Path.GetTempPath(), "safeloop-dashboard-sample.db");
var port = line.Number("--port", max: 65_535) ?? 5280;
if (line.WantsHelp || line.Problem is not null)
{
    Console.Error.WriteLine(line.Problem);
    Console.WriteLine("Sixteen tasks that behave in every way, and the dashboard to click through.\n"
        + "  --port N          of 127.0.0.1; 5280 by default\n"
        + "  --database FILE   of SQLite, with state and history; it is created where it is missing");
    return line.Problem is null ? 0 : 2;
}

var isNew = !File.Exists(database);
await using var app = DemoHost.Build(port, database);
await app.StartAsync();
await DemoTasks.BeginAsync(app.Services, isNew);
Console.WriteLine($"Open {app.Urls.Single()}/loops. State and history are in {database}.");
Console.WriteLine("Ctrl+C ends it. Start it again to see what survives, and what it catches up.");
await app.WaitForShutdownAsync();
return 0;
