namespace SafeLoop.Tests;

/// <summary>A call of a store, at one of the two moments at which a test can cut it.</summary>
/// <param name="Number">Counts the calls of the database from 1.</param>
/// <param name="Method">The name of the method, without Async.</param>
/// <param name="Store">The store that was called.</param>
/// <param name="IsExecuted">False: before the call is carried out. True: after, before it is answered.</param>
internal readonly record struct StoreCall(int Number, string Method, MemoryStore Store, bool IsExecuted)
{
    public override string ToString() => $"{Number} {Method} {(IsExecuted ? "after" : "before")}";
}
