namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class SqliteStoreTests() : StoreContract(new SqliteDatabase());
