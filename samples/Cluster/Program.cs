using ClusterSample;
using Samples;

// Started by ourselves: one silo of the cluster.
if (args is ["silo", .. var settings])
{
    await SiloProgram.RunAsync(SiloSettings.Parse(settings));
    return 0;
}

var line = CommandLine.Parse(args, "--keys");
var keys = line.Number("--keys", max: 2_000_000);
if (line.WantsHelp || line.Problem is not null)
{
    Console.Error.WriteLine(line.Problem);
    Console.WriteLine("Three silos share a loop per device. One is killed, one is added, and one stops.\n\n"
        + "  --keys N   the number of devices; without it, 300,000");
    return line.Problem is null ? 0 : 2;
}
return await Stage.RunAsync(keys ?? 300_000) ? 0 : 1;
