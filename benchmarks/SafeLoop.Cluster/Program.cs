using System.Globalization;
using SafeLoop.Cluster;
using SafeLoop.Cluster.Nodes;
using SafeLoop.Cluster.Report;
using SafeLoop.Cluster.Running;
using SafeLoop.Scale;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// Started by ourselves: one of the processes that are measured.
if (args is [NodeProcess.Argument, var settings])
{
    await Node.RunAsync(NodeSettings.FromJson(settings));
    return 0;
}

var options = ClusterArguments.Parse(args, out var problem);
if (options is null)
{
    if (problem is not null)
        await Console.Error.WriteLineAsync(problem + Environment.NewLine);
    await (problem is null ? Console.Out : Console.Error).WriteLineAsync(ClusterArguments.Usage);
    return problem is null ? 0 : 2;
}

if (Machine.LoadWarning() is { } warning)
    await Console.Error.WriteLineAsync(warning);
var book = new ResultBook();
await new Suite(options, book).RunAsync();
var aims = Aims.Judge(options, book);
Console.WriteLine(Tables.Text(options, book, aims));
return aims.Any(aim => aim.IsReached == false) ? 1 : 0;
