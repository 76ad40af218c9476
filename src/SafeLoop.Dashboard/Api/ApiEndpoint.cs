using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>One endpoint of the API: what it is for, and what it does.</summary>
internal sealed record ApiEndpoint
{
    /// <summary>GET or POST.</summary>
    public string Method { get; init; } = HttpMethods.Get;

    /// <summary>Its path below the prefix.</summary>
    public required string Path { get; init; }

    /// <summary>The id of the operation in the description.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Its parameters in the query.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The type of its body; null: none.</summary>
    public Type? Body { get; init; }

    /// <summary>The type of its answer.</summary>
    public required Type Response { get; init; }

    /// <summary>The status of its answer.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Answers a request.</summary>
    public required Func<ApiRequest, Task<IResult>> Handle { get; init; }
}
