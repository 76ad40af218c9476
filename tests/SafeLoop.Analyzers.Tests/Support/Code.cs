namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>Turns the members a test is about into a file that compiles.</summary>
internal static class Code
{
    /// <summary>The members, in a class with work to do, flags, and a clock.</summary>
    public static string WithMembers(string members) => $$"""
        using System;
        using System.Collections;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        class Job
        {
            bool active = true;
            int attempts;
            object field;
            Task Work() => Task.CompletedTask;
            Task<int> Read() => Task.FromResult(1);
            void Log(object what) { }

        {{members}}
        }
        """;
}
