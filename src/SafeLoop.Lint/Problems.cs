namespace SafeLoop.Lint;

/// <summary>What could not be looked at: sentences, each once. May be called from many threads.</summary>
internal sealed class Problems
{
    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences
    {
        get
        {
            lock (_sentences)
                return [.. _sentences];
        }
    }

    public void Add(string sentence)
    {
        lock (_sentences)
        {
            if (!_sentences.Contains(sentence))
                _sentences.Add(sentence);
        }
    }
}
