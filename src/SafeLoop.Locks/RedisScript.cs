using System.Security.Cryptography;
using System.Text;

namespace SafeLoop;

/// <summary>A script, and the name by which Redis remembers it.</summary>
internal sealed record RedisScript(string Text)
{
#pragma warning disable CA5350 // the name is SHA-1 because Redis says so; it protects nothing
    private string Hash { get; } = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Text)));
#pragma warning restore CA5350

    /// <param name="execute">Sends a command with its arguments.</param>
    /// <param name="arguments">The number of keys, the keys, the arguments.</param>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    public async Task<string?> RunAsync(
        Func<string, object[], Task<string?>> execute, object[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await execute("EVALSHA", [Hash, .. arguments]).WaitOrGiveUpAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // a server that has not seen the script yet, or was restarted
            when (error.ToString().Contains("NOSCRIPT", StringComparison.Ordinal))
        {
            return await execute("EVAL", [Text, .. arguments]).WaitOrGiveUpAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
