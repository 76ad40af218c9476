using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

// As short as on a page: without "private".
#pragma warning disable IDE0040

namespace SafeLoop.EntityFrameworkCore.Tests.Docs;

/// <summary>The code of docs/surviving-restarts.md and docs/operating-the-store.md.</summary>
internal static class Snippets
{
    public static void Survive(IServiceCollection services)
    {
        // snippet: survive
        services.AddRecurringTaskStore(db => db.UseSqlite("Data Source=safeloop.db"));
        services.AddRecurringTask<NightlyReport>().Cron("0 3 * * *").SurviveRestarts(window: TimeSpan.FromHours(6));
        // end
    }

    public static void Own(IServiceCollection services, string connectionString)
    {
        // snippet: own
        services.AddRecurringTaskStore(db => db.UseNpgsql(connectionString));
        // end
    }

    // snippet: model
    sealed class AppDbContext(DbContextOptions<AppDbContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddRecurringTasks();
    }
    // end

    public static void Migrations(IServiceCollection services, string connectionString)
    {
        // snippet: migrations
        services.AddDbContext<AppDbContext>(db => db.UseNpgsql(connectionString));
        services.AddRecurringTaskStore<AppDbContext>();
        // end
    }

    public static void Retention(IServiceCollection services)
    {
        // snippet: retention
        services.AddSingleton(new StoreRetention { Successes = TimeSpan.FromDays(30) });
        // end
    }

    public static void Rename(IServiceCollection services)
    {
        // snippet: rename
        services.AddRecurringTask<NightlyReport>("nightlyReport").Cron("0 3 * * *").FormerlyNamed("report");
        // end
    }

    public static async Task CommandAsync(IRecurringTaskCommands commands, CancellationToken cancellationToken)
    {
        // snippet: command
        var command = new TaskCommand
        {
            TaskName = "nightlyReport",
            Kind = TaskCommandKind.RunNow,
            By = "Ann",
            Reason = "The report of Monday was empty.",
        };
        await commands.SendAsync(command, cancellationToken);
        TaskCommandStatus? status = await commands.FindAsync(command.Id, cancellationToken);
        Console.WriteLine(status?.Text);
        // end
    }

    public static async Task ChangeAsync(IRecurringTaskCommands commands)
    {
        // snippet: change
        await commands.SendAsync(new TaskCommand
        {
            TaskName = "nightlyReport",
            Kind = TaskCommandKind.Change,
            Options = """{ "Cron": "0 4 * * *", "Lock": { "Name": "reports" } }""",
            By = "Ann",
            Reason = "The import takes until 03:30.",
        });
        // end
    }

    public static async Task EraseAsync(
        IRecurringTaskHistory history, IRecurringTaskKeys<Invoices, string> keys, string customer,
        CancellationToken cancellationToken)
    {
        // snippet: erase
        keys.TryRemove(customer);
        await history.EraseAsync("invoices", customer, cancellationToken);
        // end
    }

    public sealed class Invoices : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class NightlyReport : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => default;
    }
}
