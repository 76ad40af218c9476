using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SafeLoop.Tool;

/// <summary>
/// Which methods are put into a field that holds a delegate: a lambda that calls itself does so through such a field.
/// </summary>
internal sealed class DelegateFields(ModuleFile file, MethodMap map)
{
    public IEnumerable<MethodDefinitionHandle> AssignedTo(int fieldToken)
    {
        var handle = MetadataTokens.EntityHandle(fieldToken);
        if (handle.Kind != HandleKind.FieldDefinition)
            yield break;

        var field = file.Metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
        foreach (var method in MethodsAround(field.GetDeclaringType()))
        {
            var code = file.CodeOf(method);
            for (var i = 2; i < code.Count; i++)
            {
                // ldftn, newobj, stfld: the shape of "field = method" in every build
                if ((code[i].Code == OpCodes.Stfld || code[i].Code == OpCodes.Stsfld) && code[i].Token == fieldToken
                    && code[i - 1].Code == OpCodes.Newobj && code[i - 2].IsDelegate
                    && map.Resolve(code[i - 2].Token) is { } target)
                    yield return target;
            }
        }
    }

    private IEnumerable<MethodDefinitionHandle> MethodsAround(TypeDefinitionHandle type)
    {
        while (!file.Metadata.GetTypeDefinition(type).GetDeclaringType().IsNil)
            type = file.Metadata.GetTypeDefinition(type).GetDeclaringType();

        var waiting = new Stack<TypeDefinitionHandle>([type]);
        while (waiting.TryPop(out var next))
        {
            var definition = file.Metadata.GetTypeDefinition(next);
            foreach (var nested in definition.GetNestedTypes())
                waiting.Push(nested);
            foreach (var method in definition.GetMethods())
                yield return method;
        }
    }
}
