namespace SafeLoop.Tool;

/// <summary>The largest owners, whatever the verdict: what a reader looks at next.</summary>
internal static class OwnerTable
{
    public static void Write(TextWriter output, IReadOnlyList<Owner> owners)
    {
        if (owners.Count == 0)
            return;

        output.WriteLine();
        output.WriteLine("Largest owners");
        if (owners.Any(owner => owner.Growth is not null))
            Table.Write(output, ["retained", "share", "more", "owner"], owners
                .Select(owner => (string[])[.. RowOf(owner), Text.Bytes(owner.Growth?.More ?? 0), owner.Line]), rightAligned: 3);
        else
            Table.Write(output, ["retained", "share", "owner"], owners.Select(owner => (string[])[.. RowOf(owner), owner.Line]),
                rightAligned: 2);
    }

    private static string[] RowOf(Owner owner) => [Text.Bytes(owner.RetainedBytes), Text.Share(owner.RetainedShare)];
}
