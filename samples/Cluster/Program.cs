using ClusterSample;
using Samples;

// Started by ourselves: one silo of the cluster.
if (args is ["silo", .. var settings])
{
    await SiloProgram.RunAsync(SiloSettings.Parse(settings));
    return 0;
}

var line = CommandLine.Parse(args, "--keys", "--every");
var keys = line.Number("--keys", max: 2_000_000);
var seconds = line.Number("--every", max: 60);
if (line.WantsHelp || line.Problem is not null)
{
    Console.Error.WriteLine(line.Problem);
    Console.WriteLine("Three silos share a loop per device. One is killed, one is added, and one stops.\n\n"
        + "  --keys N    the number of devices; without it, 300,000\n"
        + "  --every N   the seconds between two runs of a device; without it, 10");
    return line.Problem is null ? 0 : 2;
}
return await Stage.RunAsync(keys ?? 300_000, seconds is { } every ? TimeSpan.FromSeconds(every) : UpdateDevice.Period) ? 0 : 1;
