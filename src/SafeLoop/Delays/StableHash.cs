using System.Text;

namespace SafeLoop;

/// <summary>The same share of 0 to 1 for the same name, in every process and version. <c>GetHashCode</c> is seeded anew per process.</summary>
/// <remarks>FNV-1a, 64 bits (Fowler, Noll, Vo), with the finalizer of MurmurHash3 so that names that differ in one letter lie apart.</remarks>
internal static class StableHash
{
    public static double Share(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ octet) * 1099511628211UL;

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
