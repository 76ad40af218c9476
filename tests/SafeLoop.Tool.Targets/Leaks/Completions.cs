namespace Targets.Leaks;

internal sealed class Completions : ITarget
{
    public Task RunAsync(Work work) => Poll(work);

    private static Task Poll(Work work)
    {
        var done = new TaskCompletionSource();
        work.StepAsync().ContinueWith(_ => Poll(work).ContinueWith( // recurs
            _ => done.SetResult(), TaskScheduler.Default), TaskScheduler.Default);
        return done.Task;
    }
}
