using LocalServers;
using Medallion.Threading.Postgres;
using Npgsql;

namespace SafeLoop.Locks.Tests;

public sealed class PostgresBackEnd() : BackEnd(new PostgresServer())
{
    private new PostgresServer Server => (PostgresServer)base.Server;

    internal override LockClient Connect(int? port = null)
    {
        var dataSource =
            NpgsqlDataSource.Create(Server.ConnectionString(port) + ";Options=-c client_connection_check_interval=1000");
        return new(new PostgresDistributedSynchronizationProvider(dataSource), new PostgresFenceStore(dataSource), dataSource);
    }

    public override void EndConnections()
    {
        using var admin = NpgsqlDataSource.Create(Server.ConnectionString());
        using var end = admin.CreateCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
            + "pg_backend_pid() AND backend_type = 'client backend'");
        end.ExecuteNonQuery();
    }
}
