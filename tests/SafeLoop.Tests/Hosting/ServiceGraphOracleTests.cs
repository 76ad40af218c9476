using System.Runtime.CompilerServices;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>Compares with the container: a problem is reported if, and only if, the container refuses the service.</summary>
public class ServiceGraphOracleTests
{
    private static readonly Type[] Classes = [typeof(A), typeof(B), typeof(C), typeof(D), typeof(E), typeof(F), typeof(G<int>)];

    private static readonly Gen<(Way[] Ways, int Asked, bool IsSingleton)> Cases =
        Gen.Select(Gen.Enum<Way>().Array[Classes.Length], Gen.Int[0, Classes.Length - 1], Gen.Bool);

    private enum Way
    {
        Absent,
        Transient,
        Scoped,
        Singleton,
        Factory,
        Keyed,
        Open,
    }

    [Fact]
    public void What_is_reported_is_what_the_container_refuses() =>
        Cases.Sample(sample =>
        {
            var (ways, asked, isSingleton) = sample;
            if (MayBeRefusedInError(ways))
                return;
            var services = new ServiceCollection();
            for (var n = 0; n < ways.Length; n++)
                Register(services, Classes[n], ways[n]);
            ContainerOracle.Check(services, Classes[asked], isSingleton, string.Join(" ", ways));
        }, iter: 5000);

    // The container's validation caches the null for a missing keyed D under the cache key of D itself. If it has validated a
    // scoped D before, it mistakes the null for that D and refuses a singleton C. This depends on the order of validation.
    private static bool MayBeRefusedInError(Way[] ways) =>
        ways[Array.IndexOf(Classes, typeof(C))] is Way.Singleton && ways[Array.IndexOf(Classes, typeof(D))] is Way.Scoped;

    private static void Register(ServiceCollection services, Type type, Way way)
    {
        switch (way)
        {
            case Way.Transient: services.AddTransient(type); break;
            case Way.Scoped: services.AddScoped(type); break;
            case Way.Singleton: services.AddSingleton(type); break;
            case Way.Factory: services.AddTransient(type, _ => RuntimeHelpers.GetUninitializedObject(type)); break;
            case Way.Keyed: services.AddKeyedScoped(type, "key"); break;
            case Way.Open when type.IsGenericType: services.AddSingleton(typeof(G<>)); break;
        }
    }

#pragma warning disable CS9113 // what they need is all they are for
    private sealed class A(B b, C c);

    private sealed class B(D? d = null);

    private sealed class C(IEnumerable<E> all, [FromKeyedServices("key")] D? d = null);

    private sealed class D(F f);

    private sealed class E(IServiceProvider services, G<int> g);

    private sealed class F(IServiceScopeFactory scopes, B b);

    private sealed class G<T>(IEnumerable<D> all);
#pragma warning restore CS9113
}
