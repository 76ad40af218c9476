namespace Targets.Innocents;

/// <summary>A linked list of the user's own, and one of the library's.</summary>
internal sealed class LinkedNodes : ITarget
{
    private readonly LinkedList<int> _list = new();
    private Node? _head;

    public Task RunAsync(Work work)
    {
        for (var i = 0; i < work.Count; i++)
        {
            _head = new Node(_head);
            _list.AddLast(i);
        }

        Work.Ready();
        return Task.CompletedTask;
    }

    private sealed class Node(Node? next)
    {
        public Node? Next { get; } = next;
    }
}
