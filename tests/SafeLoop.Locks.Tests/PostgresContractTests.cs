namespace SafeLoop.Locks.Tests;

[Collection(PostgresCollection.Name)]
public class PostgresContractTests(PostgresBackEnd backEnd) : BackEndContract(backEnd);
