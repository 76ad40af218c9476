using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A replica in a process of its own, which is killed at any moment.</summary>
internal static class KilledWorker
{
    private const int LongestStep = 4; // in seconds

    /// <param name="args">The database, its connection string, the name of the process, and how fast time passes.</param>
    public static async Task RunAsync(string[] args)
    {
        EndWithParent();
        var (kind, connection, name) = (args[0], args[1], args[2]);
        var time = new ScaledTime(int.Parse(args[3], CultureInfo.InvariantCulture));
        await using var database = new CrashDatabase(options => Use(options, kind, connection));
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Environment.ApplicationName = CrashDatabase.Application;
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IRecurringTaskStore>(database.CreateStore(new ScaledDatabaseClock(time), time));
        builder.Services.AddSingleton(new CrashLocks(time.GetUtcNow).For(new Life(0, 1, null))); // excludes nothing here
        CrashTasks.Register(
            builder.Services,
            new CrashPlan(seed: 1, replicas: 1),
            (iteration, token) => StepAsync(database.Database, name, iteration, time, token));
        await builder.Build().RunAsync();
    }

    public static void Use(DbContextOptionsBuilder options, string kind, string connection)
    {
        if (kind == "sqlite") // processes are killed here, machines are not
            options.UseSqlite(connection).AddInterceptors(new SqlitePragma("synchronous = OFF"));
        else
            options.UseNpgsql(connection);
    }

    // Its parent may be killed too.
    private static void EndWithParent() => new Thread(() =>
    {
        while (Console.In.Read() >= 0)
            ;
        Process.GetCurrentProcess().Kill();
    }) { IsBackground = true }.Start();

    private static async ValueTask StepAsync(
        StoreDatabase database, string name, Iteration iteration, TimeProvider time, CancellationToken cancellationToken)
    {
        var slot = Micros.Of(iteration.Slot);
        var kind = iteration.IsManual ? StepKind.BegunByHand : StepKind.Begun;
        var row = new StepRow(iteration.TaskName, slot, name, kind, Micros.Of(iteration.Started));
        await GuardedTable.BeginAsync(database, row);
        if (iteration.IsManual)
            return;
        var takes = new Random(unchecked((int)(slot / 1000))).NextDouble() * LongestStep;
        await Task.Delay(TimeSpan.FromSeconds(takes), time, cancellationToken);
        if (!await GuardedTable.WriteAsync(database, row with { Kind = StepKind.Accepted }, slot))
            throw new InvalidOperationException("The step of a later slot was faster.");
    }
}
