using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>Open generic services, whose constraints the type arguments may not satisfy, checked against the container.</summary>
public class OpenGenericOracleTests
{
    private static readonly Type[] Arguments =
    [
        typeof(int), typeof(string), typeof(object), typeof(int?), typeof(DayOfWeek), typeof((int, string)), typeof(List<int>),
        typeof(Base), typeof(Derived), typeof(Hidden), typeof(Node), typeof(int[]), typeof(IDisposable), typeof(Action),
    ];

    private static readonly Type[] Implementations =
    [
        typeof(Any<>), typeof(OfClass<>), typeof(OfStruct<>), typeof(OfNew<>), typeof(OfClassAndNew<>), typeof(OfUnmanaged<>),
        typeof(OfBase<>), typeof(OfInterface<>), typeof(OfNode<>), typeof(OfEnum<>), typeof(OfNotNull<>), typeof(OfDelegate<>),
        typeof(Needing<>), typeof(NeedingAll<>),
    ];

    private static readonly Type[] Asked =
    [
        typeof(IRepo<>), typeof(IEnumerable<>), typeof(Holder<>), typeof(HolderOfAll<>), typeof(HolderOfMaybe<>),
        typeof(Nested<>),
    ];

    private static readonly Gen<(Type Argument, Registration[] Registrations, Type Asked, bool IsSingleton)> Cases = Gen.Select(
        OneOf(Arguments),
        Gen.Select(
            OneOf(Implementations),
            Gen.Enum<ServiceLifetime>(),
            Gen.Bool,
            Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))),
            (implementation, lifetime, isParts, isClosed) => new Registration(implementation, lifetime, isParts, isClosed))
            .Array[0, 4],
        OneOf(Asked),
        Gen.Bool);

    private interface IRepo<T>;

    private interface IParts<T>;

    [Fact]
    public void What_is_reported_is_what_the_container_refuses() =>
        Cases.Sample(sample =>
        {
            var (argument, registrations, asked, isSingleton) = sample;
            if (registrations.GroupBy(registration => registration.IsParts).Any(same => DependsOnOrder([.. same], argument)))
                return;
            var services = new ServiceCollection();
            services.AddTransient(typeof(Holder<>)).AddTransient(typeof(HolderOfAll<>));
            services.AddTransient(typeof(HolderOfMaybe<>)).AddTransient(typeof(Nested<>));
            foreach (var registration in registrations)
                registration.AddTo(services, argument);
            var service = asked == typeof(IEnumerable<>)
                ? typeof(IEnumerable<>).MakeGenericType(typeof(IRepo<>).MakeGenericType(argument))
                : asked.MakeGenericType(argument);

            ContainerOracle.Check(services, service, isSingleton, string.Join(" ", registrations.AsEnumerable()));
        }, iter: 1000);

    // When the container has resolved the enumerable of a service before, it has left out the last class and cached the one
    // before it as the last. Then it no longer refuses the service alone.
    private static bool DependsOnOrder(Registration[] same, Type argument) =>
        !Array.Exists(same, registration => registration.IsClosed)
        && !same[^1].Fits(argument)
        && Array.Exists(same, registration => registration.Fits(argument));

    private static Gen<Type> OneOf(Type[] types) => Gen.Int[0, types.Length - 1].Select(index => types[index]);

    private sealed record Registration(Type Implementation, ServiceLifetime Lifetime, bool IsParts, bool IsClosed)
    {
        public bool Fits(Type argument)
        {
            try
            {
                return Implementation.MakeGenericType(argument) is not null;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        public void AddTo(IServiceCollection services, Type argument)
        {
            var service = IsParts ? typeof(IParts<>) : typeof(IRepo<>);
            services.Add(IsClosed // by a class that fits, since no other can be closed
                ? new(service.MakeGenericType(argument), typeof(Any<>).MakeGenericType(argument), Lifetime)
                : new(service, Implementation, Lifetime));
        }
    }

    private class Base;

    private sealed class Derived : Base;

    private sealed class Hidden
    {
        private Hidden()
        {
        }
    }

    private sealed class Node : IComparable<Node>
    {
        public int CompareTo(Node? other) => 0;
    }

#pragma warning disable CS9113 // what they need is all they are for
    private class Any<T> : IRepo<T>, IParts<T>;

    private sealed class OfClass<T> : Any<T> where T : class;

    private sealed class OfStruct<T> : Any<T> where T : struct;

    private sealed class OfNew<T> : Any<T> where T : new();

    private sealed class OfClassAndNew<T> : Any<T> where T : class, new();

    private sealed class OfUnmanaged<T> : Any<T> where T : unmanaged;

    private sealed class OfBase<T> : Any<T> where T : Base;

    private sealed class OfInterface<T> : Any<T> where T : IDisposable;

    private sealed class OfNode<T> : Any<T> where T : IComparable<T>;

    private sealed class OfEnum<T> : Any<T> where T : struct, Enum;

    private sealed class OfNotNull<T> : Any<T> where T : notnull;

    private sealed class OfDelegate<T> : Any<T> where T : Delegate;

    private sealed class Needing<T>(IParts<T> parts) : Any<T>;

    private sealed class NeedingAll<T>(IEnumerable<IParts<T>> parts) : Any<T>;

    private sealed class Holder<T>(IRepo<T> repo);

    private sealed class HolderOfAll<T>(IEnumerable<IRepo<T>> repos);

    private sealed class HolderOfMaybe<T>(IRepo<T>? repo = null);

    private sealed class Nested<T>(Holder<List<T>> holder, T[]? values = null);
#pragma warning restore CS9113
}
