using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace SafeLoop;

/// <summary>Passes the requests of other silos to this host.</summary>
internal sealed class MemberService(GrainId id, Silo silo, ILoggerFactory loggers, IServiceProvider services)
    : GrainService(id, silo, loggers), IMemberService
{
    // On the thread pool: the scheduler of Orleans runs one piece of code at a time.
    // Resolved late, because the silo creates its services before the tasks.
    public Task<MemberReply> CallAsync(MemberRequest request) =>
        Task.Run(() => services.GetRequiredService<IMemberRequests>().ExecuteAsync(request));
}
