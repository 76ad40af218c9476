using System.Buffers.Binary;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Source;

/// <summary>Obfuscators leave code behind that no compiler makes.</summary>
public sealed class BrokenCodeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(0x00)] // no header of a method
    [InlineData(0xFF)] // a header that is longer than the file
    public void A_method_whose_head_is_broken_has_no_code(byte head) =>
        Assert.Equal(0, CallsItselfWith(body => body[..12].Fill(head)));

    [Theory]
    [InlineData(0x77777777)] // no table
    [InlineData(0x06FFFFFF)] // no such method
    [InlineData(0x0AFFFFFF)] // no such reference
    [InlineData(0x2BFFFFFF)] // no such instantiation
    [InlineData(0x02000002)] // a type
    public void A_call_of_nothing_leads_nowhere(int token) => Assert.InRange(CallsItselfWith(body =>
    {
        for (var at = 12; at + 5 < body.Length; at++)
        {
            if (body[at] == OpCodes.Call.Value)
                BinaryPrimitives.WriteInt32LittleEndian(body[(at + 1)..], token);
        }
    }), 0, 1);

    [Theory]
    [InlineData(0x60000000)]
    [InlineData(0x3FFFFFFF)]
    [InlineData(-1)]
    public void A_switch_with_more_ways_than_code_ends_the_code(int ways)
    {
        byte[] il = [(byte)OpCodes.Nop.Value, (byte)OpCodes.Switch.Value, 0, 0, 0, 0, (byte)OpCodes.Ret.Value];
        BinaryPrimitives.WriteInt32LittleEndian(il.AsSpan(2), ways);

        Assert.Equal(OpCodes.Nop, IlCode.Read(il)[0].Code);
    }

    public void Dispose() => _directory.Dispose();

    private delegate void Break(Span<byte> body);

    /// <returns>How many of the methods that come back to themselves are still found to.</returns>
    private int CallsItselfWith(Break breakIt)
    {
        string[] broken = ["DirectAsync", "RunAsync"];
        var source = typeof(Recursions).Assembly.Location;
        var bytes = File.ReadAllBytes(source);
        using (var image = new PEReader(File.OpenRead(source)))
        {
            var metadata = image.GetMetadataReader();
            foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(type => broken.Any(name => metadata.GetString(type.Name)
                    .StartsWith($"<{name}>d__", StringComparison.Ordinal))))
            {
                var body = type.GetMethods().Select(metadata.GetMethodDefinition)
                    .Single(method => metadata.GetString(method.Name) == "MoveNext");
                var section =
                    image.PEHeaders.SectionHeaders[image.PEHeaders.GetContainingSectionIndex(body.RelativeVirtualAddress)];
                var at = body.RelativeVirtualAddress - section.VirtualAddress + section.PointerToRawData;
                breakIt(bytes.AsSpan(at, image.GetMethodBody(body.RelativeVirtualAddress).Size));
            }
        }

        var copy = _directory.File("broken.dll");
        File.WriteAllBytes(copy, bytes);
        using var file = ModuleFile.TryOpen(new HeapModule(copy, Guid.Empty, ""), processId: 0)!;
        var module = new ModuleSource(file, new SourceText());
        Assert.Empty(module.SelfUnwrapping());
        return file.Metadata.MethodDefinitions
            .Where(method => broken.Contains(module.Map.NameOf(method))
                && MethodNames.Of(file.Metadata, method).Contains("Recursions.", StringComparison.Ordinal))
            .Count(method => module.Describe(method, new HashSet<MethodDefinitionHandle>(), isPromiseKept: false).CallsItself);
    }
}
