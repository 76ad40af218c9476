namespace SafeLoop.EntityFrameworkCore.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresStoreTests(PostgresCluster cluster) : StoreContract(cluster.UseSharedDatabase());
