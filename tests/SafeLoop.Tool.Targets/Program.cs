using Targets;

// Targets NAME COUNT: runs one program until COUNT iterations live (or stand, or wait), writes "ready", and obeys "more COUNT" and "end".
var work = new Work(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture));
var running = Programs.ByName(args[0]).RunAsync(work);

while (await Console.In.ReadLineAsync() is { } line && line != "end")
    work.More(int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

GC.KeepAlive(running);
