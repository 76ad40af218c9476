using System.Runtime.InteropServices;

namespace SafeLoop.Tool;

/// <summary>
/// Finds the number of the object at an address. Sorted addresses alone cost twenty cache misses for each of ten million references;
/// here a table per 4 MiB of heap says where each 4 KiB page begins, and the rest is a search within one page.
/// </summary>
internal sealed class AddressIndex
{
    private const int PageBits = 12;
    private const int RegionBits = 22;
    private const int PagesPerRegion = 1 << (RegionBits - PageBits);

    private readonly ulong[] _addresses;
    private readonly int[]? _numbers;
    private readonly Dictionary<ulong, int[]> _regions = [];
    private ulong _lastRegion = ulong.MaxValue;
    private int[] _lastPages = [];

    /// <param name="addresses">Of object 0, 1, 2 …; sorted in place if they are not.</param>
    public AddressIndex(ulong[] addresses)
    {
        _addresses = addresses;
        if (!IsSorted(addresses))
        {
            _numbers = new int[addresses.Length];
            for (var i = 0; i < _numbers.Length; i++)
                _numbers[i] = i;
            Array.Sort(addresses, _numbers);
        }

        for (var i = addresses.Length - 1; i >= 0; i--)
        {
            ref var pages = ref CollectionsMarshal.GetValueRefOrAddDefault(_regions, addresses[i] >> RegionBits, out var known);
            if (!known)
                Array.Fill(pages = new int[PagesPerRegion], -1);
            pages![PageOf(addresses[i])] = i;
        }
    }

    /// <returns>-1 when no object begins there.</returns>
    public int Find(ulong address)
    {
        if (address >> RegionBits != _lastRegion)
        {
            if (!_regions.TryGetValue(address >> RegionBits, out var pages))
                return -1;
            (_lastRegion, _lastPages) = (address >> RegionBits, pages);
        }

        var low = _lastPages[PageOf(address)];
        if (low < 0)
            return -1;

        var high = (int)Math.Min(_addresses.Length - 1L, low + ((1L << PageBits) / 8));
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_addresses[middle] == address)
                return _numbers is null ? middle : _numbers[middle];
            if (_addresses[middle] < address)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    /// <returns>The number of the object that covers the address; -1 when none does. Not for millions of addresses.</returns>
    public int FindCovering(ulong address, long[] sizes)
    {
        var at = Array.BinarySearch(_addresses, address);
        at = at >= 0 ? at : ~at - 1;
        if (at < 0)
            return -1;
        var number = _numbers is null ? at : _numbers[at];
        return address - _addresses[at] < (ulong)sizes[number] ? number : -1;
    }

    /// <summary>An address in four bytes: two objects have the same one only if 32 GiB lie between them, or a multiple.</summary>
    public static uint Place(ulong address) => (uint)(address >> 3);

    /// <returns>By object.</returns>
    public uint[] Places()
    {
        var places = new uint[_addresses.Length];
        for (var i = 0; i < places.Length; i++)
            places[_numbers is null ? i : _numbers[i]] = Place(_addresses[i]);
        return places;
    }

    private static int PageOf(ulong address) => (int)(address >> PageBits) & (PagesPerRegion - 1);

    private static bool IsSorted(ulong[] addresses)
    {
        for (var i = 1; i < addresses.Length; i++)
        {
            if (addresses[i - 1] >= addresses[i])
                return false;
        }

        return true;
    }
}
