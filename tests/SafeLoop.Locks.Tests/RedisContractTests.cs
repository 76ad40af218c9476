namespace SafeLoop.Locks.Tests;

[Collection(RedisCollection.Name)]
public class RedisContractTests(RedisBackEnd backEnd) : BackEndContract(backEnd);
