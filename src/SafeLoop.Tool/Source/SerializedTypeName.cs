using System.Text;

namespace SafeLoop.Tool;

/// <summary>
/// The name of a type as an attribute writes it down: what follows the first comma is its assembly, unless a backslash
/// says that the comma is part of the name.
/// </summary>
internal static class SerializedTypeName
{
    public static string Of(string serialized)
    {
        var name = new StringBuilder();
        for (var i = 0; i < serialized.Length && serialized[i] != ','; i++)
        {
            if (serialized[i] == '\\' && i + 1 < serialized.Length)
                i++;
            name.Append(serialized[i]);
        }
        return name.ToString();
    }
}
