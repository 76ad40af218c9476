namespace SafeLoop.Dashboard;

/// <summary>What the page of instances shows.</summary>
/// <param name="Instances">The hosts, as the API lists them.</param>
/// <param name="Heap">The heap of this host while a page showed it, oldest first.</param>
internal sealed record InstancesModel(IReadOnlyList<InstanceView> Instances, IReadOnlyList<HeapSample> Heap);
