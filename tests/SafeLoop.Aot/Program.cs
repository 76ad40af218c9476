using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeLoop.Aot;

// Published as a native program by a test, which checks each line. Nothing here may need code that is made at run time.
ITrial[] trials =
[
    new KeyedTrial<int>("int", 1, 2, 3),
    new KeyedTrial<long>("long", 1, 2, 3),
    new KeyedTrial<Guid>("guid", Guid.Empty, Guid.AllBitsSet),
    new KeyedTrial<DateOnly>("date", new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 2)),
    new KeyedTrial<Kinds.Floor>("enum", Kinds.Floor.Ground, Kinds.Floor.First),
    new KeyedTrial<string>("string", "a", "b"),
    new KeyedTrial<Kinds.Tenant>("record", new("a"), new("b")),
    new KeyedTrial<Kinds.DeviceId>("record struct", new(1), new(2)),
    new KeyedTrial<Kinds.Socket>("struct of nullables", new(null, 80), new("h", null)),
    new KeyedTrial<Kinds.Bare>("bare struct", new() { Number = 1 }, new() { Number = 2 }),
    new KeyedTrial<(int Floor, string Room)>("tuple", (1, "a"), (2, "b")),
    new KeyedTrial<object>("object", "a", 1),
    new VerbTrial(),
    new JsonTrial(),
];

var builder = Host.CreateEmptyApplicationBuilder(settings: null);
builder.Configuration.AddInMemoryCollection(VerbTrial.Settings);
builder.Logging.ClearProviders();
foreach (var trial in trials)
    trial.Register(builder.Services);

using var host = builder.Build();
await host.StartAsync();
foreach (var trial in trials)
    await Console.Out.WriteLineAsync(await trial.RunAsync(host.Services));
await host.StopAsync();
