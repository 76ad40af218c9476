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

// A file of results may hold others, of another period for instance.
var scenarios = Scenarios.Of(options);
var comparison = new Comparison(book.Attempts.Where(attempt => scenarios.Contains(attempt.Scenario)));
var verdicts = Targets.Judge(comparison);
PerformancePage.Write(options, machine, comparison, verdicts);
await Console.Out.WriteLineAsync(Targets.Text(verdicts));
return verdicts.Any(verdict => verdict.IsMissed) ? 1 : 0;
