namespace SafeLoop.Locks.Tests;

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresBackEnd>
{
    public const string Name = "postgres";
}

[CollectionDefinition(Name)]
public sealed class RedisCollection : ICollectionFixture<RedisBackEnd>
{
    public const string Name = "redis";
}
