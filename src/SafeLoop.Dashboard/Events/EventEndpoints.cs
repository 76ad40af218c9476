using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The stream of events: which tasks and commands have changed.</summary>
internal static class EventEndpoints
{
    private const int MostViewers = 1_000;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "events",
            Name = "Events",
            Summary = "Sends the names of tasks and the ids of commands that have changed, as server-sent events. Load what you "
                + "show after the event 'hello' or 'reset'.",
            Response = typeof(string),
            Handle = OpenAsync,
        },
    ];

    private static Task<IResult> OpenAsync(ApiRequest request) => Task.FromResult<IResult>(
        request.Dashboard.Events.Viewers >= MostViewers
            ? ApiProblem.Unavailable($"{MostViewers} viewers are connected already. Load the page again from time to time.")
            : new EventStream(request.Dashboard.Events, request.Time));
}
