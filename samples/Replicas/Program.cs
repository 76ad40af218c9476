using Replicas;
using Samples;

// Started by ourselves: one replica of the service.
if (args is ["replica", var name, var connectionString])
{
    await Replica.RunAsync(name, connectionString);
    return 0;
}

var line = CommandLine.Parse(args, "--seconds");
var seconds = line.Number("--seconds", max: 86_400);
if (line.WantsHelp || line.Problem is not null)
{
    Console.Error.WriteLine(line.Problem);
    Console.WriteLine("Three replicas of a service share a recurring task on PostgreSQL; one is killed now and then.\n\n  --seconds N   end after so long; without it, at Ctrl+C");
    return line.Problem is null ? 0 : 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
if (seconds is { } limit)
    stop.CancelAfter(TimeSpan.FromSeconds(limit));
return await Stage.RunAsync(stop.Token);
