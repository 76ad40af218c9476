namespace SafeLoop.EntityFrameworkCore;

/// <summary>The parts of a store for one application. Each has one table or two.</summary>
internal sealed class StoreParts
{
    public StoreParts(StoreDatabase database, IDatabaseClock clock, TimeProvider time, string application)
    {
        Application = application;
        var ids = new RowIds(time);
        var tasks = new TaskCatalog(database, ids, StoredText.Key(application));
        var instances = new InstanceCatalog();
        var history = new HistoryWriter(ids, instances, tasks.Application);
        Schema = new(database);
        Commands = new(database, clock, tasks);
        CommandLog = new(database, clock, tasks);
        Instances = new(database, clock, ids, tasks, instances, new LostClaims(tasks, instances, history), Commands);
        Loader = new(database, tasks, ids);
        Claims = new(database, ids, tasks, instances, history);
        Batches = new(database, ids, tasks, instances, history);
        History = new(database, tasks, instances);
        InstanceReader = new(database, tasks);
        SampleReader = new(database, tasks);
        GapReader = new(database, tasks);
        TotalReader = new(database, tasks);
        LoopReader = new(database, tasks);
        Retention = new(database, clock, tasks);
        Eraser = new(database, tasks);
    }

    public string Application { get; }

    public SchemaCheck Schema { get; }

    public Instances Instances { get; }

    public TaskLoader Loader { get; }

    public Claims Claims { get; }

    public Batches Batches { get; }

    public HistoryReader History { get; }

    public InstanceReader InstanceReader { get; }

    public SampleReader SampleReader { get; }

    public GapReader GapReader { get; }

    public TotalReader TotalReader { get; }

    public LoopReader LoopReader { get; }

    public Commands Commands { get; }

    public CommandLog CommandLog { get; }

    public Retention Retention { get; }

    public KeyEraser Eraser { get; }
}
