using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Two hosts of one application, with dashboards, over one database.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"safeloop-{Guid.NewGuid():N}.db");

    private Replicas()
    {
    }

    public DashboardHost One { get; private set; } = null!;

    public DashboardHost Other { get; private set; } = null!;

    /// <summary>What is asked of the database by either.</summary>
    public StatementCounter Statements { get; } = new();

    /// <summary>Starts both.</summary>
    /// <param name="shared">Registers the tasks of both.</param>
    /// <param name="onlyOne">Registers the tasks of the first.</param>
    public static async Task<Replicas> StartAsync(
        Action<IServiceCollection> shared, Action<IServiceCollection>? onlyOne = null)
    {
        var replicas = new Replicas();
        replicas.One = await replicas.StartHostAsync(shared + onlyOne);
        replicas.Other = await replicas.StartHostAsync(shared);
        await replicas.AdvanceAsync(TimeSpan.FromSeconds(12));
        return replicas;
    }

    /// <summary>Lets time pass on both.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        // Each host has a clock of its own, and takes the other for lost when it is far behind.
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(6))
        {
            await One.Time.AdvanceAsync(TimeSpan.FromSeconds(6));
            await Other.Time.AdvanceAsync(TimeSpan.FromSeconds(6));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Statements.IsDown = false;
        await One.DisposeAsync();
        await Other.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(_file);
    }

    private Task<DashboardHost> StartHostAsync(Action<IServiceCollection> register) => DashboardHost.StartOpenAsync(builder =>
    {
        builder.Environment.ApplicationName = "replicas";
        builder.Services.AddRecurringTaskStore(db => db.UseSqlite($"Data Source={_file}").AddInterceptors(Statements));
        register(builder.Services);
    });
}
