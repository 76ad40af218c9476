using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>
/// A virtual member that another folder overrides, an interface that another folder implements, and a delegate in a field call
/// upwards where no arrow shows it. Each is named here with its reason.
/// </summary>
public class UpwardCallTests
{
    private static readonly Dictionary<string, string> Bases = new()
    {
        ["Alarm"] = "the pacemaker rings it",
        ["ICallee"] = "code of the user has a name for reports, whatever it is",
        ["ICancellable"] = "a deadline cancels what it was set for",
        ["IKeyed"] = "a key, for code that does not know its type",
        ["ILoopStore"] = "loops claim slots in a store, which knows the tasks",
        ["IOptionsFormat"] = "stored options are written as in configuration, whose settings the host knows",
        ["IOwnObserver"] = "the store gets events like log and metrics",
        ["IPausable"] = "the end of a pause resumes what is paused",
        ["IRunnerOwner"] = "a runner of keys is returned to its pool",
        ["IStepWatch"] = "virtual time watches the steps",
        ["IWakeable"] = "the watch of the wall clock wakes loops and keyed tasks",
        ["IWheelNodes"] = "the wheel links alarms wherever they lie",
        ["ITaskControl"] = "a handle passes its calls to the control of an ordinary task, of a keyed one, or of a key",
        ["TaskGroup"] = "a task has one loop, or one per key",
    };

    private static readonly Dictionary<string, string> Delegates = new()
    {
        // Code of the user, or bound to it.
        ["ExcludedLocally.<stretchAt>P"] = "an exclusion",
        ["ServiceCall.<bind>P"] = "a check or handler with services",
        ["ServiceCall._bound"] = "the same, bound",
        ["TaskStep.Bind"] = "a step, bound to its services",

        // Randomness, time and the process, which tests replace.
        ["LoopEnvironment.Random"] = "draws",
        ["LoopEnvironment.StopHost"] = "stops the host",
        ["LoopSchedule._random"] = "draws",
        ["HostSampler.<read>P"] = "reads the heap",
        ["MemoryWatch.<read>P"] = "reads the heap",
        ["Pacemaker._dispatch"] = "queues work on the thread pool",
        ["PlanContext.Random"] = "draws",

        // Composition: what only the host knows.
        ["DisabledTasks.<write>P"] = "writes a line about disabled tasks",
        ["LoopObservers._find"] = "creates the observers",
        ["RecurringTaskFactory.<defaultTimeZone>P"] = "reads the default of the host",
        ["RecurringTasks.<define>P"] = "defines a task that is added at run time",
        ["RecurringTasks.<register>P"] = "registers it",
        ["RecurringTasks.<reload>P"] = "reads the configuration again",
        ["TaskDefinition.Read"] = "reads the options of a task",
        ["TaskLoop._readOptions"] = "the same",

        ["RememberedLoops.<create>P"] = "creates the slots of a loop",
        ["MissingSlots.<rules>P"] = "finds slots by the rules of the task",
        ["CommandExecutor.<tasks>P"] = "finds the tasks, which are created later",
        ["KeyErasures.<tasks>P"] = "finds the tasks, which are created later",
        ["KeyErasures.<drop>P"] = "drops rows that the worker of the session, which owns the erasures, has not saved",
        ["KeyErasures.<wakeWorker>P"] = "wakes the worker of the session, which owns the erasures",
        ["StoreHeartbeat.<wakeWorker>P"] = "wakes the worker of the session, which owns the heartbeat",
        ["StoreHeartbeat.<lastCommand>P"] = "reads the number that the commands of the session know",
        ["StoreCommands.<wakeWorker>P"] = "wakes the worker of the session, which owns the commands",
        ["CommandExecutor.<keysOf>P"] = "finds what is stored of keys",
        ["SlotClaims.<keysOf>P"] = "finds what is stored of the keys of a task",
        ["TaskLoads.<wakeWorker>P"] = "wakes the worker of the session, which owns the loads",
        ["StoredKeys.<tasks>P"] = "finds the tasks, which are created later",

        // One call back, to what has created the object.
        ["HistoryJournal.<onDirty>P"] = "wakes the worker of the store",
        ["IterationRunner._onHeld"] = "the provider reports the token of the holder",
        ["IterationRunner.Faults"] = "reports a fault of its own iteration",
        ["LeaseKeeper._fault"] = "reports a fault",
        ["LeaseKeeper._lost"] = "cancels the iteration",
        ["ManualRun.<ended>P"] = "reports the result of a command",
        ["ManualRun._cancel"] = "cancels the iteration",
        ["OwnLease._fault"] = "reports a fault",
        ["RecurringTask.FindSchedule"] = "calls a key's selector again",
        ["RunningIteration._completed"] = "continues the loop",
        ["StoreTurns.BecameIdle"] = "lets virtual time go on",
        ["TaskLoop._ofKey"] = "the definition of a key, for changed options",
        ["WorkItem.<work>P"] = "is work",
    };

    [Fact]
    public void Types_that_other_folders_extend_are_named_here()
    {
        var found = from file in CoreSource.Files
                    from node in file.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
                    let type = (INamedTypeSymbol)CoreSource.ModelOf(file).GetDeclaredSymbol(node)!
                    from above in (IEnumerable<INamedTypeSymbol?>)[type.BaseType, .. type.Interfaces]
                    where above is { DeclaredAccessibility: not Accessibility.Public }
                    where CoreSource.FoldersOf(above).Any(folder => folder != CoreSource.FolderOf(file))
                    select above.Name;

        AssertSame(Bases.Keys, found);
    }

    [Fact]
    public void Delegates_in_fields_are_named_here()
    {
        var found = from file in CoreSource.Files
                    where CoreSource.FolderOf(file) is not ("" or "Hosting")
                    let model = CoreSource.ModelOf(file)
                    from node in file.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
                    let type = (INamedTypeSymbol)model.GetDeclaredSymbol(node)!
                    from field in type.GetMembers().OfType<IFieldSymbol>()
                    where field is { IsStatic: false, Type: INamedTypeSymbol { TypeKind: TypeKind.Delegate } }
                    select $"{type.Name}.{field.AssociatedSymbol?.Name ?? field.Name}";

        AssertSame(Delegates.Keys, found);
    }

    private static void AssertSame(IEnumerable<string> named, IEnumerable<string> found)
    {
        var (missing, gone) = (string.Join(", ", found.Except(named).Order()), string.Join(", ", named.Except(found).Order()));
        Assert.True(missing.Length + gone.Length == 0, $"Not named here: {missing}. No longer in the code: {gone}.");
    }
}
