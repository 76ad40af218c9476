using Microsoft.CodeAnalysis;

namespace SafeLoop.Tests.House;

public class TypeTests
{
    [Fact]
    public void A_file_has_exactly_one_type_and_is_named_after_it()
    {
        foreach (var file in CoreSource.Files)
        {
            var types = CoreSource.TypesOf(file).Select(type => type.Identifier.Text)
                .Concat(CoreSource.DelegatesOf(file).Select(type => type.Identifier.Text));

            Assert.Equal([Path.GetFileNameWithoutExtension(file.FilePath).Split('{')[0]], types);
        }
    }

    [Fact]
    public void A_user_writes_one_using()
    {
        Assert.All(CoreSource.PublicTypes, type =>
            Assert.Contains(type.ContainingNamespace.ToDisplayString(),
                new[] { "SafeLoop", "SafeLoop.Storage", "Microsoft.Extensions.DependencyInjection" }));
    }

    [Fact]
    public void Verbs_are_found_without_a_using_and_nouns_are_not_strewn_about()
    {
        Assert.All(CoreSource.PublicTypes, type => Assert.Equal(
            type.Name.EndsWith("Extensions", StringComparison.Ordinal),
            type.ContainingNamespace.ToDisplayString() == "Microsoft.Extensions.DependencyInjection"));
    }

    [Fact]
    public void Public_types_are_sealed_static_interfaces_enums_or_structs()
    {
        Assert.Empty(CoreSource.PublicTypes
            .Where(type => type.TypeKind is TypeKind.Class && !type.IsSealed && !type.IsStatic)
            .Select(type => type.Name));
    }

    [Fact]
    public void Users_make_options_and_for_their_tests_snapshots_and_generated_code_makes_converters()
    {
        var makeable = from type in CoreSource.PublicTypes
                       where type.TypeKind is TypeKind.Class
                       where !CoreSource.FoldersOf(type).Contains("Storage") // stores make these
                       from constructor in type.InstanceConstructors
                       where constructor.DeclaredAccessibility is Accessibility.Public
                       select type.Name;

        Assert.Equal(
            [
                nameof(BackOffOptions),
                nameof(ClusterMember), nameof(ClusterShard), nameof(ClusterTask), // made by the cluster
                nameof(DaylightSavingOptions), nameof(FailureOptions), nameof(HistoryEntry),
                nameof(HistoryPage), nameof(HistoryQuery), nameof(InstanceSample), nameof(KeyCounts), nameof(KeyPage),
                nameof(KeyQuery),
                nameof(KeySnapshot<int>), nameof(LockOptions), nameof(LoopQuery), nameof(MissedOptions), nameof(OverlapOptions),
                nameof(RecurringTaskHandleJsonConverter), nameof(RecurringTaskInstance), nameof(RecurringTaskOptions),
                nameof(RecurringTaskSnapshot), nameof(SampleQuery),
                nameof(ShardOpening), nameof(SlotExplanation), nameof(TaskChange), nameof(TaskCommand), nameof(TaskCommandPage),
                nameof(TaskCommandQuery), nameof(TaskCommandResult), nameof(TaskCommandStatus), nameof(TaskPause),
                nameof(TotalQuery),
            ],
            makeable.Order().ToArray());
    }
}
