using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Maps the rows to tables. Every name is given explicitly, so that a naming convention of the user changes none.
/// </summary>
internal sealed class StoreTables(ModelBuilder model, string? schema, string prefix)
{
    public const string DefaultPrefix = "safeloop_";

    /// <summary>The longest name in UTF-16 code units.</summary>
    public const int LongestName = 200;

    /// <summary>The longest reason, schedule or message in UTF-16 code units.</summary>
    public const int LongestText = 1000;

    /// <summary>The longest options of a change in UTF-16 code units, which SQL Server can still keep as such.</summary>
    public const int LongestOptions = 4000;

    // The provider's own conventions have marked the model when OnModelCreating runs.
    private readonly string? _collation =
        model.Model.FindAnnotation("Npgsql:ValueGenerationStrategy") is not null ? "C"
        : model.Model.FindAnnotation("SqlServer:ValueGenerationStrategy") is not null ? "Latin1_General_100_BIN2"
        : null;

    public void Map()
    {
        MapInstances();
        MapTasks();
        MapLoops();
        MapHistory();
        MapTotals();
        MapCommands();
        Table<SchemaRow>("schema", row =>
        {
            row.HasKey(s => s.Id);
            row.Property(s => s.Id).ValueGeneratedNever();
            row.HasData(new SchemaRow { Id = 1, Version = SchemaRow.Current, OldestVersion = SchemaRow.Current });
        });
    }

    private void MapInstances()
    {
        Table<InstanceRow>("instance", row =>
        {
            row.HasKey(i => i.Number);
            row.HasIndex(i => i.Id).IsUnique();
            Compared(row.Property(i => i.Application));
            row.Property(i => i.Host).HasMaxLength(LongestName);
            row.Property(i => i.Version).HasMaxLength(LongestName);
        });
        Table<SampleRow>("sample", row =>
        {
            row.HasKey(s => new { s.Instance, s.Minute });
            row.Property(s => s.Instance).ValueGeneratedNever();
            row.Property(s => s.Minute).ValueGeneratedNever();
            row.HasIndex(s => s.Minute);
        });
    }

    private void MapTasks() => Table<TaskRow>("task", row =>
    {
        row.HasKey(t => t.Id);
        row.HasIndex(t => new { t.Application, t.NormalizedName }).IsUnique();
        Compared(row.Property(t => t.Application));
        Compared(row.Property(t => t.NormalizedName));
        row.Property(t => t.Name).HasMaxLength(StoredText.LongestKey);
        row.Property(t => t.Schedule).HasMaxLength(LongestText);
        row.Property(t => t.Fingerprint).HasMaxLength(LongestName);
    });

    private void MapLoops()
    {
        Table<LoopRow>("loop", row =>
        {
            row.HasKey(l => new { l.TaskId, l.KeyText });
            Compared(row.Property(l => l.KeyText));
            row.Property(l => l.Schedule).HasMaxLength(LongestText);
            row.Property(l => l.PauseReason).HasMaxLength(LongestText);
            row.Property(l => l.PausedBy).HasMaxLength(LongestName);
            row.Property(l => l.ChangeOptions).HasMaxLength(LongestOptions);
            row.Property(l => l.ChangeFingerprint).HasMaxLength(LongestName);
            row.Property(l => l.ChangeReason).HasMaxLength(LongestText);
            row.Property(l => l.ChangedBy).HasMaxLength(LongestName);
            row.Property(l => l.EndReason).HasMaxLength(LongestText);
        });
        Table<ClaimRow>("claim", row =>
        {
            row.HasKey(c => new { c.TaskId, c.KeyText, c.Slot });
            Compared(row.Property(c => c.KeyText));
        });
    }

    private void MapHistory()
    {
        Table<HistoryRow>("history", row =>
        {
            row.HasKey(h => new { h.Slot, h.Id });
            row.Property(h => h.Slot).ValueGeneratedNever();
            row.Property(h => h.Id).ValueGeneratedNever();
            Compared(row.Property(h => h.KeyText));
            row.Property(h => h.Message).HasMaxLength(LongestText);
            row.HasIndex(h => new { h.TaskId, h.Slot });
            // Few rows are unsuccessful or of a key, so these indexes are small. The names of columns need no quotes.
            // With the outcome, because more is skipped than fails.
            Named(row.HasIndex(h => new { h.Slot, h.TaskId, h.Outcome }, "bad_slot"), "bad_slot").HasFilter("outcome <> 1");
            Named(row.HasIndex(h => new { h.TaskId, h.Slot, h.Outcome }, "bad_task_slot"), "bad_task_slot")
                .HasFilter("outcome <> 1");
            row.HasIndex(h => new { h.TaskId, h.KeyText, h.Slot }).HasFilter("key_text IS NOT NULL");
        });
        Table<ErrorRow>("error", row =>
        {
            row.HasKey(e => e.Fingerprint);
            row.Property(e => e.Fingerprint).ValueGeneratedNever();
            row.HasIndex(e => e.LastSeen);
            Compared(row.Property(e => e.Application));
            row.Property(e => e.Type).HasMaxLength(LongestText);
            row.Property(e => e.Message).HasMaxLength(LongestText);
        });
        Table<GapRow>("gap", row =>
        {
            row.HasKey(g => g.Id);
            row.Property(g => g.Id).ValueGeneratedNever();
            row.HasIndex(g => g.LastEnded);
            Compared(row.Property(g => g.Application));
        });
    }

    private void MapTotals() => Table<TotalRow>("total", row =>
    {
        row.HasKey(t => new { t.TaskId, t.Hour, t.Outcome, t.Reason });
        row.HasIndex(t => new { t.Hour, t.TaskId });
    });

    private void MapCommands()
    {
        Table<CommandRow>("command", row =>
        {
            row.HasKey(c => new { c.Application, c.Id });
            row.Property(c => c.Id).ValueGeneratedNever();
            Compared(row.Property(c => c.Application));
            row.HasIndex(c => c.Number).IsUnique();
            row.HasIndex(c => new { c.TaskId, c.Number });
            row.HasIndex(c => c.TakenBy).HasFilter("taken_by IS NOT NULL AND completed IS NULL");
            Compared(row.Property(c => c.KeyText));
            row.Property(c => c.Reason).HasMaxLength(LongestText);
            row.Property(c => c.SentBy).HasMaxLength(LongestName);
            row.Property(c => c.Options).HasMaxLength(LongestOptions);
            row.Property(c => c.Fingerprint).HasMaxLength(LongestName);
        });
        Table<ResultRow>("command_result", row =>
        {
            row.HasKey(r => new { r.Application, r.CommandId, r.Instance });
            Compared(row.Property(r => r.Application));
            row.HasOne<CommandRow>().WithMany().HasForeignKey(r => new { r.Application, r.CommandId })
                .OnDelete(DeleteBehavior.Cascade);
            row.Property(r => r.Text).HasMaxLength(LongestText);
            row.Property(r => r.Host).HasMaxLength(LongestName);
        });
    }

    private void Table<T>(string name, Action<EntityTypeBuilder<T>> map)
        where T : class
    {
        var row = model.Entity<T>();
        row.ToTable(prefix + name, schema);
        map(row);
        foreach (var property in row.Metadata.GetProperties().ToArray())
            row.Property(property.Name).HasColumnName(SnakeCase(property.Name));
    }

    private IndexBuilder<T> Named<T>(IndexBuilder<T> index, string name) => index.HasDatabaseName($"ix_{prefix}history_{name}");

    // Names and keys are equal when their characters are, whatever the database's language.
    private void Compared(PropertyBuilder property)
    {
        property.HasMaxLength(StoredText.LongestKey);
        if (_collation is not null)
            property.UseCollation(_collation);
    }

    private static string SnakeCase(string name) => string.Concat(name.Select((letter, at) =>
        char.IsUpper(letter) ? (at == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
}
