using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

public class CatchTests
{
    // One in the iteration, and one at every other place where a user's code, a store or an observer is called.
    private static readonly string[] Places =
    [
        "ApplicationStart.Check",
        "ConfigurationReload.Reload",
        "ErrorText.ReadDetails",
        "ErrorText.ReadMessage",
        "ExcludedTimes.IsExcluded",
        "FailureHandlers.CallAllAsync",
        "IterationFollowUp.StopHost",
        "IterationRunner.RunAsync",
        "KeyDefinitions.TryMake",
        "KeyReading.ReadShardsAsync",
        "KeyShards.TryGetShard",
        "KeyText.TryRead",
        "LeaseKeeper.RecordAsync",
        "LeaseKeeper.RenewAsync",
        "LeaseKeeper.TryAcquireAsync",
        "LogScopes.Begin",
        "LogScopes.End",
        "LoopChecks.IsDoneAsync",
        "LoopEnvironment.IsDisposed",
        "LoopName.FormatKey",
        "LoopObservers.BeginIteration",
        "LoopObservers.LogPingsArrive",
        "LoopObservers.Report",
        "LoopObservers.Publish",
        "LoopObservers.Warn",
        "LoopRunner.RunAsync",
        "LoopRunner.TryDrainAsync",
        "LoopTracing.AddException",
        "LoopTracing.Guard",
        "LoopTracing.StepAsync",
        "OptionsValidation.FailuresOf",
        "OwnLease.DisposeLeaseAsync",
        "RecurringTaskFactory.Build",
        "RecurringTasksService.TryLog",
        "PlanContext.PhaseOf",
        "Planner.CallPolicy",
        "RememberedSlots.TryClaimAsync",
        "StoreClient.CallAsync",
        "StoreHeartbeat.SendHeartbeatAsync",
        "StoreWorker.SaveLastAsync",
        "StoreWorker.TakeTurnAsync",
        "StoredOptions.FindMistake",
        "TaskDefinitions.Read",
        "TaskPings.FindFailureAsync",
        "TaskHistory.TryReadAsync",
        "TaskSteps.RunInScopeAsync",
    ];

    [Fact]
    public void Broad_catches_are_only_where_they_belong()
    {
        Assert.Equal(Places.Order(StringComparer.Ordinal), BroadCatches().Select(PlaceOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_broad_catch_says_why()
    {
        Assert.All(BroadCatches(), found => Assert.True(
            ReasonOf(found).Length >= 20,
            $"{CoreSource.NameOf(found.SyntaxTree)}: the broad catch in {PlaceOf(found)} has no reason beside it."));
    }

    private static IEnumerable<CatchClauseSyntax> BroadCatches() =>
        from file in CoreSource.Files
        from found in file.GetRoot().DescendantNodes().OfType<CatchClauseSyntax>()
        where found.Declaration is null || found.Declaration.Type.ToString() is "Exception" or "System.Exception"
        select found;

    private static string PlaceOf(CatchClauseSyntax found)
    {
        var member = found.Ancestors().OfType<MemberDeclarationSyntax>().First(node => node is not BaseTypeDeclarationSyntax);
        var type = found.Ancestors().OfType<TypeDeclarationSyntax>().First().Identifier.Text;
        return $"{type}.{(member as MethodDeclarationSyntax)?.Identifier.Text ?? member.Kind().ToString()}";
    }

    private static string ReasonOf(CatchClauseSyntax found) => string.Concat(
        found.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
            .Select(trivia => trivia.ToString()).Take(1));
}
