using System.Globalization;
using SafeLoop.Store;
using SafeLoop.Store.Verbs;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length == 0 || args.Contains("--help"))
{
    Console.WriteLine(Help.Text);
    return 0;
}

var arguments = new StoreArguments(args[1..]);
Func<StoreArguments, Task>? verb = args[0] switch
{
    "cpu" => Cpu.RunAsync,
    "ring" => Ring.RunAsync,
    "rows" => Rows.RunAsync,
    "down" => Outage.RunDownAsync,
    "sigstop" => Outage.RunStoppedAsync,
    "retention" => RetentionRun.RunAsync,
    "start" => StartUp.RunAsync,
    _ => null,
};
if (verb is null)
{
    Console.Error.WriteLine($"There is no verb '{args[0]}'. Use --help.");
    return 2;
}
Console.WriteLine($"{args[0]} {string.Join(' ', args[1..])}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
await verb(arguments);
return 0;
