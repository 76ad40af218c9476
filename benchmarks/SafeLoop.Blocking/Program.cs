using SafeLoop.Blocking;

// The comparison starts this program once per engine with --measure.
if (args is ["--measure", var engine])
{
    await Measurement.ReportAsync(engine);
    return 0;
}

var rounds = args is ["--rounds", var count] && int.TryParse(count, out var given) && given > 0 ? given : 3;
await Comparison.RunAsync(rounds);
return 0;
