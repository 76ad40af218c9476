using System.Collections.Concurrent;

namespace SafeLoop.Tests;

/// <summary>Collects exceptions of tasks that no code has observed, which the finalizer of the task reports.</summary>
internal static class UnobservedErrors
{
    /// <param name="act">Leaves no reference to its tasks behind.</param>
    /// <typeparam name="TException">A type that no other test leaves unobserved, because tests run in parallel.</typeparam>
    public static async Task<IReadOnlyCollection<Exception>> FindAsync<TException>(Func<Task> act) where TException : Exception
    {
        var found = new ConcurrentQueue<Exception>();
        TaskScheduler.UnobservedTaskException += Add;
        try
        {
            await act();
            for (var round = 0; round < 10; round++)
            {
                await Task.Run(static () => { }); // a thread of the pool may still hold what it ran last
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Add;
        }
        return found;

        void Add(object? task, UnobservedTaskExceptionEventArgs unobserved)
        {
            foreach (var error in unobserved.Exception.Flatten().InnerExceptions.OfType<TException>())
                found.Enqueue(error);
        }
    }
}
