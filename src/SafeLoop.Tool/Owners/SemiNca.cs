using System.Collections;

namespace SafeLoop.Tool;

/// <summary>
/// The semi-NCA algorithm for dominators (L. Georgiadis, "Linear-Time Algorithms for Dominators and Related
/// Problems", 2005) in flat arrays and without recursion: a heap may have ten million objects in one chain.
/// </summary>
/// <param name="parents">By number: the parent in a depth-first spanning tree, which has the lower number.</param>
internal sealed class SemiNca(int[] parents)
{
    private readonly int[] _semi = new int[parents.Length];
    private readonly int[] _labels = new int[parents.Length];
    private readonly int[] _ancestors = (int[])parents.Clone();
    private int[] _stack = new int[64];

    /// <param name="starts">By number: where its referrers begin.</param>
    /// <param name="sources">The numbers of referrers.</param>
    /// <param name="isRoot">By number.</param>
    /// <returns>By number: the immediate dominator. To be called once.</returns>
    public int[] Dominators(int[] starts, int[] sources, BitArray isRoot)
    {
        for (var i = 0; i < _labels.Length; i++)
            _semi[i] = _labels[i] = i;
        for (var number = _semi.Length - 1; number > 0; number--)
        {
            var semi = isRoot[number] ? 0 : parents[number];
            for (var i = starts[number]; semi != 0 && i < starts[number + 1]; i++)
                semi = Math.Min(semi, _semi[Best(sources[i], number)]);
            _semi[number] = semi;
        }

        // The immediate dominator is the nearest one above the parent that is not below the semidominator.
        var dominators = _ancestors; // they are of no use any more
        dominators[0] = 0;
        for (var number = 1; number < parents.Length; number++)
        {
            var at = parents[number];
            while (at > _semi[number])
                at = dominators[at];
            dominators[number] = at;
        }

        return dominators;
    }

    /// <summary>
    /// Of the object and those above it in the tree with a number above <paramref name="last"/>: the one with the least
    /// semidominator.
    /// Shortens the way for the next time.
    /// </summary>
    private int Best(int number, int last)
    {
        if (number <= last)
            return number;

        var depth = 0;
        for (var at = number; _ancestors[at] > last; at = _ancestors[at])
        {
            if (depth == _stack.Length)
                Array.Resize(ref _stack, depth * 2);
            _stack[depth++] = at;
        }

        while (depth > 0)
        {
            var at = _stack[--depth];
            var above = _ancestors[at];
            if (_semi[_labels[above]] < _semi[_labels[at]])
                _labels[at] = _labels[above];
            _ancestors[at] = _ancestors[above];
        }

        return _labels[number];
    }
}
