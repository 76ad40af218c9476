using System.Globalization;
using ClusterNemesis;
using ClusterNemesis.Driving;
using ClusterNemesis.Working;

if (args is ["silo", .. var place])
{
    await SiloProgram.RunAsync(place);
    return 0;
}

var options = new Dictionary<string, string>
{
    ["--store"] = "both", ["--seed"] = "1", ["--seconds"] = "60", ["--broken"] = nameof(Broken.Nothing), ["--log"] = "",
};
for (var n = 0; n < args.Length; n += 2)
{
    if (n + 1 == args.Length || !options.ContainsKey(args[n]))
    {
        Console.Error.WriteLine($"'{args[n]}' is not an option. The options, with a value each: "
            + "--store postgres|redis|both, --seed N, --seconds N, --broken Nothing|Lease|Cas, --log FILE.");
        return 2;
    }
    options[args[n]] = args[n + 1];
}

var broken = 0;
foreach (var store in options["--store"] == "both" ? ["postgres", "redis"] : new[] { options["--store"] })
{
    var report = await NemesisRun.RunAsync(
        store,
        int.Parse(options["--seed"], CultureInfo.InvariantCulture),
        TimeSpan.FromSeconds(int.Parse(options["--seconds"], CultureInfo.InvariantCulture)),
        Enum.Parse<Broken>(options["--broken"]),
        options["--log"].Length == 0 ? null : $"{options["--log"]}.{store}");
    Console.WriteLine(report);
    broken += report.Violations.Count;
}
return broken == 0 ? 0 : 1;
