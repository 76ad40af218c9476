using SafeLoop.Scale;
using SafeLoop.Scale.Measuring;
using SafeLoop.Scale.Report;
using SafeLoop.Scale.Running;

// The hidden form: one engine, measured in this process, which the comparison below has started.
if (args is [EngineProcess.MeasureArgument, var scenario])
    return await MeasuredRun.ReportAsync(Scenario.FromJson(scenario));

var options = ScaleArguments.Parse(args, out var problem);
if (options is null)
{
    if (problem is not null)
        await Console.Error.WriteLineAsync(problem + Environment.NewLine);
    await (problem is null ? Console.Out : Console.Error).WriteLineAsync(ScaleArguments.Usage);
    return problem is null ? 0 : 2;
}

var machine = Machine.Describe();
if (Machine.LoadWarning() is { } warning)
    await Console.Error.WriteLineAsync(warning);

var book = AttemptBook.Open(options.Results);
await new Suite(options, book).RunAsync();

var comparison = new Comparison(book.Attempts);
var verdicts = Targets.Judge(comparison);
PerformancePage.Write(options, machine, comparison, verdicts);
await Console.Out.WriteLineAsync(Targets.Text(verdicts));
return verdicts.Any(verdict => verdict.IsMissed) ? 1 : 0;
