using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Calls of a document that are still to be fixed, while what stands around them changes.</summary>
internal static class PendingCalls
{
    private static readonly SyntaxAnnotation Pending = new("SafeLoop.PendingCall");

    public static SyntaxNode Mark(SyntaxNode root, IEnumerable<SyntaxNode> calls) =>
        root.ReplaceNodes(calls, (_, call) => call.WithAdditionalAnnotations(Pending));

    public static SyntaxNode Unmark(SyntaxNode root, SyntaxNode call) => root.ReplaceNode(call, call.WithoutAnnotations(Pending));

    /// <summary>The next one, with the root and the model it is in; null if none is left.</summary>
    public static async Task<(SyntaxNode Root, SyntaxNode Call, SemanticModel Model)?> NextAsync(Document document,
        CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root?.GetAnnotatedNodes(Pending).FirstOrDefault() is { } call && model is not null ? (root, call, model) : null;
    }
}
