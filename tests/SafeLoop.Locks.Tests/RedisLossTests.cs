namespace SafeLoop.Locks.Tests;

[Collection(RedisCollection.Name)]
public class RedisLossTests(RedisBackEnd backEnd) : LossContract(backEnd);
