namespace SafeLoop.Dashboard;

/// <summary>An answer that several viewers share.</summary>
/// <param name="Begun">When it was begun, as a timestamp.</param>
/// <param name="Answer">The answer; begun by the first who waits for it.</param>
internal sealed record SharedRead(long Begun, Lazy<Task<object?>> Answer);
