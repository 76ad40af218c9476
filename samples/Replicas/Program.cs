using Replicas;
using Samples;

// Started by ourselves: one replica of the service.
if (args is ["replica", var name, var connectionString])
{
    await Replica.RunAsync(name, connectionString);
    return 0;
}

var line = CommandLine.Parse(args, "--kills");
var kills = line.Number("--kills", max: 10_000);
if (line.WantsHelp || line.Problem is not null)
{
    Console.Error.WriteLine(line.Problem);
    Console.WriteLine("Three replicas of a service share a recurring task on PostgreSQL; one is killed now and then.\n\n"
        + "  --kills N   end after N kills; without it, at Ctrl+C");
    return line.Problem is null ? 0 : 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
await Stage.RunAsync(kills, stop.Token);
return 0;
