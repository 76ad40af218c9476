using RecursiveLeak;
using RecursiveLeak.Drawing;
using RecursiveLeak.Forms;
using RecursiveLeak.Measuring;

var options = RecursiveLeakArguments.Parse(args, out var problem);
if (options is null)
{
    if (problem is not null)
        await Console.Error.WriteLineAsync(problem + Environment.NewLine);
    await (problem is null ? Console.Out : Console.Error).WriteLineAsync(RecursiveLeakArguments.Usage);
    return problem is null ? 0 : 2;
}

ILeakForm[] forms = [new RecursiveAsync(), new CoStyle(), new OnSafeLoop()];
var runs = new List<LeakRun>();
foreach (var form in forms)
{
    await Console.Error.WriteLineAsync($"{form.Name}: {options.Iterations:N0} iterations …");
    runs.Add(await LeakRun.MeasureAsync(form, options.Iterations, options.Hold ? Hold : null));
}

await Console.Out.WriteLineAsync(MarkdownTable.Of(runs));
try
{
    LeakChart.Save(runs, options.Output);
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"The picture could not be written to '{options.Output}': {error.Message}");
    return 1;
}

await Console.Out.WriteLineAsync($"Drawn to {Path.GetFullPath(options.Output)}");
return 0;

static void Hold()
{
    Console.Error.WriteLine($"All iterations are alive. Try: safeloop diagnose {Environment.ProcessId}. Enter goes on.");
    Console.In.ReadLine();
}
