namespace SafeLoop.Tool;

/// <summary>Which objects are which frame. A frame is one object, or two: a box and the state machine it refers to.</summary>
internal sealed class FrameObjects
{
    private readonly int[] _frames;
    private readonly List<int> _first = [];
    private readonly Dictionary<int, int> _second = [];

    public FrameObjects(HeapGraph graph, FrameRules rules)
    {
        _frames = new int[graph.Count];
        Array.Fill(_frames, -1);
        for (var node = 0; node < _frames.Length; node++)
        {
            var method = rules.Frames[graph.TypeOf[node]];
            if (method < 0 || method == graph.TypeOf[node])
                continue;

            _frames[node] = _first.Count;
            foreach (var target in graph.ReferencesOf(node))
            {
                if (graph.TypeOf[target] == method)
                    _second[_frames[node]] = target;
            }

            if (_second.TryGetValue(_frames[node], out var machine))
                _frames[machine] = _frames[node];
            _first.Add(node);
        }

        for (var node = 0; node < _frames.Length; node++)
        {
            if (_frames[node] >= 0 || rules.Frames[graph.TypeOf[node]] < 0)
                continue;
            _frames[node] = _first.Count;
            _first.Add(node);
        }
    }

    public int Frames => _first.Count;

    /// <summary>-1 when the object is no frame.</summary>
    public int FrameOf(int node) => _frames[node];

    public int FirstOf(int frame) => _first[frame];

    public void AddTo(List<int> nodes, int frame)
    {
        nodes.Add(_first[frame]);
        if (_second.TryGetValue(frame, out var machine))
            nodes.Add(machine);
    }
}
