namespace SafeLoop.Storage;

/// <summary>A store cannot be used: its tables are missing, foreign, or of another version.</summary>
public sealed class IncompatibleStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do, in a sentence.</param>
    /// <param name="innerException">The cause; null: none.</param>
    public IncompatibleStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
