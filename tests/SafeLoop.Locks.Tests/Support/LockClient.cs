using Medallion.Threading;

namespace SafeLoop.Locks.Tests;

/// <summary>What a process has of a back-end.</summary>
internal sealed record LockClient(IDistributedLockProvider Locks, IFenceStore Fences, IAsyncDisposable Connections);
