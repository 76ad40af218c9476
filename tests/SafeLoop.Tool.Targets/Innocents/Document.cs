using System.Xml.Linq;

namespace Targets.Innocents;

/// <summary>A document, element linked to element, that flows with the context it is worked on in.</summary>
internal sealed class Document : ITarget
{
    private static readonly AsyncLocal<XElement> Current = new();

    public async Task RunAsync(Work work)
    {
        Current.Value = new XElement("root", Enumerable.Range(0, work.Count).Select(_ => new XElement("item")));
        Work.Ready();
        await new TaskCompletionSource().Task; // with the document in its context
    }
}
