using System.Reflection;
using System.Runtime.Loader;

namespace Targets.Leaks;

/// <summary>The assembly that leaks is loaded when the program has run for a while.</summary>
internal sealed class LateLoaded : ITarget
{
    private const int Frames = 390_285;

    public async Task RunAsync(Work work)
    {
        await work.StepAsync();

        // The same file, but another assembly to the runtime.
        var late = new AssemblyLoadContext("late").LoadFromAssemblyPath(typeof(LateLoaded).Assembly.Location);
        var leak = late.CreateInstance(typeof(SelfAwait).FullName!)!;
        var steps = late.CreateInstance(typeof(Work).FullName!, ignoreCase: false, BindingFlags.Default, binder: null, [Frames],
            culture: null, activationAttributes: null)!;
        await (Task)leak.GetType().GetMethod(nameof(RunAsync))!.Invoke(leak, [steps])!;
    }
}
