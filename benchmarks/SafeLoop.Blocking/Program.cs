using SafeLoop.Blocking;

// The hidden form: one engine, measured in this process, which the comparison below has started.
if (args is ["--measure", var engine])
    return await Measurement.ReportAsync(engine);

var rounds = args is ["--rounds", var count] && int.TryParse(count, out var given) && given > 0 ? given : 3;
await Comparison.RunAsync(rounds);
return 0;
