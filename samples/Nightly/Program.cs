using Nightly;
using Samples;

// Started by ourselves: the service with the nightly job.
if (args is ["service"])
{
    await Service.RunAsync();
    return 0;
}

var line = CommandLine.Parse(args);
if (line.WantsHelp || line.Problem is not null)
{
    Console.Error.WriteLine(line.Problem);
    Console.WriteLine("A service with a nightly job is killed and started again, and catches up. A night comes every 10 s.\n"
        + "It begins with a new nightly.db in the current folder and takes about a minute.");
    return line.Problem is null ? 0 : 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
try
{
    await Story.RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 1; // Ctrl+C
}
