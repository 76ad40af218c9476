namespace SafeLoop.Tests.UserCode;

/// <summary>These tests block threads of the pool, which tests beside them would wait for.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Alone
{
    public const string Name = "threads of the pool are blocked";
}
