namespace SafeLoop.Tool;

/// <summary>A way to hold memory that programs have in common.</summary>
/// <param name="Name">Its name, in a few words.</param>
/// <param name="Why">What happens, in a sentence.</param>
/// <param name="Cure">What to write instead.</param>
internal sealed record OwnerShape(string Name, string Why, string Cure);
