using System.Collections.Frozen;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>
/// What the planners of resources do otherwise for a kind. A kind that is nothing but its keys needs none: its file in <c>Kinds</c> says all. These four change
/// other objects with theirs, or are weighed by the verdicts on endpoints, which stand above the kinds.
/// </summary>
internal abstract class KindPlanner
{
    private static readonly FrozenDictionary<string, KindPlanner> Own = new Dictionary<string, KindPlanner>(StringComparer.Ordinal)
    {
        [KindNames.IPPool] = new PoolPlans(),
        [KindNames.Profile] = new ProfilePlans(),
        [KindNames.Policy] = new PolicyPlans(),
        [KindNames.Node] = new NodePlans(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly KindPlanner Plain = new PlainPlans();

    /// <summary>That of a kind.</summary>
    public static KindPlanner For(string kind) => Own.GetValueOrDefault(kind, Plain);

    /// <summary>Adds what follows from writing a resource.</summary>
    public static void SayEffects(PlanBuilder plan, ClusterSnapshot snapshot, object resource)
    {
        var kind = Kind.OfResource(resource);
        plan.Say(For(kind.Name).EffectsOfWriting(resource, snapshot.Calico));
        if (kind.HasUnknown(resource))
        {
            plan.Consequence("Stored members that calicoctl does not know are kept; the calicoctl command shown would lose them.");
        }
    }

    /// <summary>The plan of a write; null when it is planned as any other.</summary>
    /// <param name="operation">The write.</param>
    /// <param name="snapshot">What is there.</param>
    /// <param name="stands">Whether the key that counts is there, readable or not.</param>
    /// <param name="stored">What can be read.</param>
    /// <param name="fromManifest">Whether a manifest says it.</param>
    public virtual PlannedOperation? Write(WriteResource operation, ClusterSnapshot snapshot, bool stands, object? stored, bool fromManifest) => null;

    /// <summary>Adds what is written before the resource.</summary>
    public virtual void Before(PlanBuilder plan, WriteResource operation, ClusterSnapshot snapshot)
    {
    }

    /// <summary>The plan of a deletion; null when it is planned as any other.</summary>
    public virtual PlannedOperation? Delete(DeleteResource operation, ClusterSnapshot snapshot) => null;

    /// <summary>What people do next with a new resource; nothing where nothing is more likely than the rest.</summary>
    public virtual IEnumerable<NextStep> AfterCreation(object resource) => [];

    protected virtual Effects EffectsOfWriting(object resource, CalicoState state) => Kind.OfResource(resource).EffectsOfWriting(resource, state);

    private sealed class PlainPlans : KindPlanner;

    /// <summary>A pool turns IPIP on for Felix, and is deleted with the nodes' hold on its blocks.</summary>
    private sealed class PoolPlans : KindPlanner
    {
        public override PlannedOperation? Write(WriteResource operation, ClusterSnapshot snapshot, bool stands, object? stored, bool fromManifest) =>
            operation.Verb == WriteVerb.Create || (operation.Verb == WriteVerb.Apply && !stands) ? IPPoolPlanner.Create((IPPool)operation.Resource, snapshot)
            : stored is not null || !stands ? IPPoolPlanner.Replace((IPPool)operation.Resource, operation.ExpectedRevision, snapshot)
            : null;

        public override void Before(PlanBuilder plan, WriteResource operation, ClusterSnapshot snapshot) =>
            IPPoolPlanner.EnableIpip(plan, snapshot, (IPPool)operation.Resource);

        public override IEnumerable<NextStep> AfterCreation(object resource) => resource is IPPool { Disabled: false, Cidr: { IsIPv6: false } cidr }
            ? [new("Create a network on this pool", new Destination.CreateNetworkForm(null, cidr), true)]
            : [];

        public override PlannedOperation? Delete(DeleteResource operation, ClusterSnapshot snapshot) =>
            Cidr.TryParse(operation.Id.Name, out var cidr) && snapshot.Calico.IPPools.ContainsKey(cidr)
                ? IPPoolPlanner.Delete(cidr, operation, snapshot)
                : null;
    }

    /// <summary>A profile has three keys, users, and OpenStack's driver as its owner at times.</summary>
    private sealed class ProfilePlans : KindPlanner
    {
        public override PlannedOperation? Write(WriteResource operation, ClusterSnapshot snapshot, bool stands, object? stored, bool fromManifest)
        {
            var profile = (Profile)operation.Resource;
            return operation.Verb == WriteVerb.Create || (operation.Verb == WriteVerb.Apply && stored is null)
                ? ProfilePlanner.Create(profile, operation.EvenIfRewritten, snapshot)
                : operation.Verb == WriteVerb.Apply || stands || (stored is not null && !fromManifest)
                    ? ProfilePlanner.Replace(profile, operation.ExpectedRevision, operation.EvenIfRewritten, snapshot)
                    : null;
        }

        public override IEnumerable<NextStep> AfterCreation(object resource) =>
            [new("Attach it to endpoints", new Destination.AttachForm(((Profile)resource).Name), true)];

        public override PlannedOperation Delete(DeleteResource operation, ClusterSnapshot snapshot) => ProfilePlanner.Delete(operation, snapshot);
    }

    /// <summary>A policy is weighed by the endpoints that it governs.</summary>
    private sealed class PolicyPlans : KindPlanner
    {
        protected override Effects EffectsOfWriting(object resource, CalicoState state) => PolicyEffects.OfWriting((Policy)resource, state);
    }

    /// <summary>calicoctl makes sure of two keys before it writes a node, and deletes it with all that is on it.</summary>
    private sealed class NodePlans : KindPlanner
    {
        public override void Before(PlanBuilder plan, WriteResource operation, ClusterSnapshot snapshot) =>
            ResourcePlanner.Initialize(plan, snapshot, operation.ClusterGuid);

        public override PlannedOperation Delete(DeleteResource operation, ClusterSnapshot snapshot) => NodeDeletionPlanner.Plan(operation, snapshot);
    }
}
