using System.Globalization;
using Targets;

// Targets NAME COUNT: runs one program until COUNT iterations live (or stand, or wait) and writes "ready".
// Then it obeys "more COUNT", "collect" (a full collection), "paused" (answers with the milliseconds it has stood
// still for collections so far) and "end".
var work = new Work(int.Parse(args[1], CultureInfo.InvariantCulture));
var running = Programs.ByName(args[0]).RunAsync(work);

while (await Console.In.ReadLineAsync() is { } line && line != "end")
{
    if (line.StartsWith("more ", StringComparison.Ordinal))
    {
        work.More(int.Parse(line["more ".Length..], CultureInfo.InvariantCulture));
        continue;
    }

    if (line == "collect")
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    await Console.Out.WriteLineAsync(
        "paused " + GC.GetTotalPauseDuration().TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
}

GC.KeepAlive(running);
