using System.Numerics;

namespace SafeLoop;

/// <summary>The set of non-empty buckets. Finds the lowest one with two instructions.</summary>
internal struct BucketSet(int buckets)
{
    private const int BucketsPerWord = 64;

    private readonly ulong[] _words = new ulong[buckets / BucketsPerWord];
    private uint _wordsInUse;   // bit n: _words[n] is not zero

    public readonly bool IsEmpty => _wordsInUse == 0;

    public readonly int Least
    {
        get
        {
            var word = BitOperations.TrailingZeroCount(_wordsInUse);
            return word * BucketsPerWord + BitOperations.TrailingZeroCount(_words[word]);
        }
    }

    public void Add(int bucket)
    {
        _words[bucket / BucketsPerWord] |= 1UL << bucket; // a shift uses only the last six bits
        _wordsInUse |= 1u << bucket / BucketsPerWord;
    }

    public void Remove(int bucket)
    {
        ref var word = ref _words[bucket / BucketsPerWord];
        word &= ~(1UL << bucket);
        if (word == 0)
            _wordsInUse &= ~(1u << bucket / BucketsPerWord);
    }
}
