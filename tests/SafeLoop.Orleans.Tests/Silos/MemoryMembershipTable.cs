using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace SafeLoop.Tests.Silos;

/// <summary>The table in which silos of one process find each other. No silo holds it, so each of them may be killed.</summary>
internal sealed class MemoryMembershipTable : IMembershipTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SiloAddress, (MembershipEntry Entry, string ETag)> _rows = [];
    private TableVersion _version = new(0, "0");
    private long _lastETag;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId) => Task.CompletedTask;

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Task.CompletedTask;

    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        lock (_gate)
            return Task.FromResult(new MembershipTableData(_rows.TryGetValue(key, out var row) ? [Copy(row)] : [], _version));
    }

    public Task<MembershipTableData> ReadAll()
    {
        lock (_gate)
            return Task.FromResult(new MembershipTableData([.. _rows.Values.Select(Copy)], _version));
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        Write(entry, tableVersion, () => !_rows.ContainsKey(entry.SiloAddress));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        Write(entry, tableVersion, () => _rows.TryGetValue(entry.SiloAddress, out var row) && row.ETag == etag);

    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        lock (_gate)
        {
            if (_rows.TryGetValue(entry.SiloAddress, out var row))
                row.Entry.IAmAliveTime = entry.IAmAliveTime;
        }
        return Task.CompletedTask;
    }

    private Task<bool> Write(MembershipEntry entry, TableVersion version, Func<bool> isAsExpected)
    {
        lock (_gate)
        {
            if (version.VersionEtag != _version.VersionEtag || !isAsExpected())
                return Task.FromResult(false);
            _rows[entry.SiloAddress] = (Copy(entry), NextETag());
            _version = new(version.Version, NextETag());
            return Task.FromResult(true);
        }
    }

    private string NextETag() => (++_lastETag).ToString(CultureInfo.InvariantCulture);

    private static Tuple<MembershipEntry, string> Copy((MembershipEntry Entry, string ETag) row) =>
        new(Copy(row.Entry), row.ETag);

    private static MembershipEntry Copy(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        SuspectTimes = entry.SuspectTimes is { } times ? [.. times] : null,
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
    };
}
