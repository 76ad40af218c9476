namespace DeviceInfo.Device;

/// <summary>Real disks with their free space. A drive that cannot be read is left out, and is no error.</summary>
internal static class DiskReader
{
    // Read-only images (one per installed snap) are always full and never interesting.
    private static readonly string[] Images = ["squashfs", "iso9660", "erofs"];

    public static IReadOnlyList<DiskReading> Read() =>
        [.. DriveInfo.GetDrives()
            .Select(TryRead)
            .OfType<DiskReading>()
            // Bind mounts, as /etc/hosts in a container, and volumes of one pool show the same disk
            // again: keep the shortest name.
            .GroupBy(disk => (disk.Format, disk.TotalBytes, disk.FreeBytes))
            .Select(same => same.MinBy(disk => disk.Name.Length)!)
            .OrderBy(disk => disk.Name, StringComparer.Ordinal)];

    private static DiskReading? TryRead(DriveInfo drive)
    {
        try
        {
            // Network drives are left out too: asking one whose server is gone can block for minutes.
            if (drive.DriveType is not (DriveType.Fixed or DriveType.Removable) || !drive.IsReady)
                return null;

            if (drive.TotalSize <= 0 || Images.Contains(drive.DriveFormat))
                return null;

            return new DiskReading(drive.Name, drive.DriveFormat, drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
