using System.Runtime.InteropServices;

namespace SafeLoop.Tool;

/// <summary>
/// Finds the number of the object at an address. Sorted addresses alone cost twenty cache misses for each of ten million
/// references; here a table per 4 MiB of heap says where each 4 KiB page begins, and the rest is a guess within one page.
/// </summary>
internal sealed class AddressIndex
{
    private const int PageBits = 12;
    private const int RegionBits = 22;
    private const int PagesPerRegion = 1 << (RegionBits - PageBits);
    private const ulong PageSize = 1 << PageBits;

    /// <summary>Of an object, in bytes.</summary>
    private const int Smallest = 8;

    /// <summary>A heap that spans more (4 TiB) is looked up more slowly.</summary>
    private const ulong MostRegions = 1 << 20;

    /// <summary>Then the search goes on by halves.</summary>
    private const int Guesses = 4;

    private readonly ulong[] _addresses;
    private readonly int[]? _numbers;
    private readonly ulong _firstRegion;
    private readonly int[]?[] _regions = [];
    private readonly Dictionary<ulong, int[]> _farRegions = [];

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

        if (addresses.Length == 0)
            return;
        _firstRegion = addresses[0] >> RegionBits;
        _regions = new int[]?[Math.Min(MostRegions, (addresses[^1] >> RegionBits) - _firstRegion + 1)];
        for (var i = addresses.Length - 1; i >= 0; i--)
            PagesAt(addresses[i])[PageOf(addresses[i])] = i;
    }

    /// <returns>-1 when no object begins there. May be called on several threads at once.</returns>
    public int Find(ulong address)
    {
        var region = (address >> RegionBits) - _firstRegion;
        var pages = region < (ulong)_regions.Length ? _regions[region] : _farRegions.GetValueOrDefault(address >> RegionBits);
        var page = PageOf(address);
        if (pages is null || pages[page] < 0)
            return -1;

        var low = pages[page];
        var high = page + 1 < PagesPerRegion && pages[page + 1] is >= 0 and var next ? next - 1
            : (int)Math.Min(_addresses.Length - 1L, low + ((1L << PageBits) / Smallest));

        // Objects of one size lie at equal distances: the first guess is then right, or nearly so.
        var middle = low + (int)((address & (PageSize - 1)) * (ulong)(high - low + 1) >> PageBits);
        for (var width = 1; low <= high; width *= 2)
        {
            if (_addresses[middle] == address)
                return _numbers is null ? middle : _numbers[middle];
            if (_addresses[middle] < address)
                low = middle + 1;
            else
                high = middle - 1;
            middle = width > Guesses ? (low + high) >>> 1
                : Math.Clamp(_addresses[middle] < address ? middle + width : middle - width, low, high);
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

    private int[] PagesAt(ulong address)
    {
        var region = (address >> RegionBits) - _firstRegion;
        ref var pages = ref region < (ulong)_regions.Length ? ref _regions[region]
            : ref CollectionsMarshal.GetValueRefOrAddDefault(_farRegions, address >> RegionBits, out _);
        if (pages is null)
            Array.Fill(pages = new int[PagesPerRegion], -1);
        return pages;
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
