using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Components.Addresses;
using CalicoConsole.Web.Components.Pages.Fabric;
using CalicoConsole.Web.Components.Pages.Workloads;
using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Components.Pages.Overview;

/// <summary>What is wrong with a cluster, worst first. Pure.</summary>
internal static class ClusterProblems
{
    /// <summary>How many objects of one kind are named one by one.</summary>
    private const int Named = 5;

    public static ImmutableArray<Problem> Of(ClusterSnapshot snapshot, IEnumerable<AuditIntent> open, IpamIndex? ipam = null, ImmutableArray<AssertionResult> assertions = default)
    {
        Problem[] all =
        [
            .. Feeds(snapshot), .. Etcd(snapshot), .. Unparsable(snapshot), .. Nodes(snapshot), .. NodeAddresses(snapshot), .. Containers(snapshot), .. Orphans(snapshot), .. Pools(snapshot), .. Addresses(ipam), .. Profiles(snapshot), .. OpenStack(snapshot), .. Refused(snapshot), .. Unprogrammable(snapshot), .. OtherTiers(snapshot), .. Assertions(assertions),
            .. open.Select(i => new Problem(
                $"intent {i.OperationId}", ChipState.Attention, $"{OperationWords.Of(i.Operation)} {i.ObjectName} has no recorded end",
                $"{i.Actor} began it {RelativeTimes.Exact(i.At)}. The console looks what became of it as soon as what it touched can be reached.", Links.AuditEntry(i.OperationId))),
        ];
        return [.. all.OrderBy(p => Rank(p.State))];
    }

    private static int Rank(ChipState state) => state switch { ChipState.Broken => 0, ChipState.Stale => 1, ChipState.Attention => 2, _ => 3 };

    private static IEnumerable<Problem> Feeds(ClusterSnapshot snapshot) => snapshot.Feeds
        .Where(f => f.Status == FeedStatus.Stale)
        .Select(f => f.Name == FeedWords.Audit
            ? new Problem($"feed {f.Name}", ChipState.Broken, "The audit log cannot be written, so nothing can be changed", f.Detail, "#feeds")
            : f.LastLive is null
            ? new Problem($"feed {f.Name}", ChipState.Broken, $"The feed {f.Name} has never been live", f.Detail, "#feeds")
            : new Problem($"feed {f.Name}", ChipState.Stale, $"The feed {f.Name} is lost: what is shown of it is old", f.Detail, "#feeds"));

    private static IEnumerable<Problem> Etcd(ClusterSnapshot snapshot)
    {
        if (snapshot.Etcd is not { } etcd)
        {
            yield break;
        }

        foreach (var member in etcd.Members.Where(m => !m.Healthy))
        {
            yield return new($"etcd {member.Id}", ChipState.Broken, $"etcd member {NameOf(member)} is not healthy", member.Problem, "#etcd");
        }

        foreach (var alarm in etcd.Alarms)
        {
            yield return new($"alarm {alarm}", ChipState.Broken, $"etcd has raised the alarm {alarm}", AlarmWords(alarm), "#etcd");
        }

        foreach (var member in etcd.Members.Where(m => m is { Healthy: true, ServesV2Keys: false }))
        {
            yield return new($"v2 {member.Id}", ChipState.Broken, $"etcd member {NameOf(member)} does not serve the v2 keys API", "Start it with --enable-v2=true: Calico v2.6 keeps everything there.", "#etcd");
        }
    }

    private static string? AlarmWords(string alarm) => alarm[..(alarm.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? end : alarm.Length)] switch
    {
        "NOSPACE" => "Its v3 database has reached its quota, so v3 writes are refused. Calico v2.6 and Docker use v2 keys, which are still written. Compact and defragment the database, then run etcdctl alarm disarm.",
        "CORRUPT" => "A member's data differ from the others'. Stop that member and replace it before anything else is changed.",
        _ => null,
    };

    private static string NameOf(EtcdMember member) => member.Name.Length > 0 ? member.Name : member.ClientUrls.FirstOrDefault() ?? member.Id;

    private static IEnumerable<Problem> Unparsable(ClusterSnapshot snapshot) => snapshot.Calico.Unparsable.Values.Take(Named)
        .Select(u => new Problem($"key {u.Stored.Key}", ChipState.Broken, $"A stored {u.Kind} cannot be read: {u.Stored.Key}", u.Reason, "#unparsable"))
        .Concat(snapshot.Calico.Unparsable.Count > Named ? [new Problem("keys", ChipState.Broken, $"{snapshot.Calico.Unparsable.Count - Named} more keys cannot be read", null, "#unparsable")] : []);

    private static IEnumerable<Problem> Nodes(ClusterSnapshot snapshot) => snapshot.Views.Nodes
        .Where(n => n.Host?.Info is not null && FeedWords.WasLive(snapshot, FeedWords.Docker + n.Host.Name))
        .Select(n => (Node: n, State: NodeRow.Of(n)))
        .Where(n => n.State.State is ChipState.Attention or ChipState.Broken)
        .Select(n => n.Node.CalicoNode is null
            ? new Problem($"node {n.Node.Name}", ChipState.Attention, $"{n.Node.Name} has no calico-node", "Containers on calico networks cannot start there.", Links.Node(n.Node.Name))
            : new Problem($"node {n.Node.Name}", ChipState.Broken, $"calico-node on {n.Node.Name} is {n.State.Words}", n.State.Reason, Links.Node(n.Node.Name)));

    // calico-node is named with its node.
    private static IEnumerable<Problem> Containers(ClusterSnapshot snapshot)
    {
        var all = snapshot.Hosts.Values.Where(h => FeedWords.WasLive(snapshot, FeedWords.Docker + h.Name))
            .SelectMany(h => h.Containers.Values.Where(c => c.Name != CalicoNames.NodeContainer).Select(c => (Host: h, Container: c)))
            .Select(c => (c.Host, c.Container, Down: ContainerWords.Down(c.Container), Unanswered: ContainerWords.Unanswered(c.Container, c.Host)))
            .Where(c => c.Down is not null || c.Unanswered is not null).ToArray();
        foreach (var (host, container, down, unanswered) in all.Take(Named))
        {
            var href = Links.Container(host.Name, container.Id);
            if (unanswered is not null)
            {
                yield return new($"unanswered {host.Name}/{container.Id}", ChipState.Attention, $"{container.Name} on {host.Name}: {unanswered}", "What is shown of it may be old.", href);
            }

            if (down is not null)
            {
                yield return new(
                    $"down {host.Name}/{container.Id}", container.Details!.Error.Length > 0 ? ChipState.Broken : ChipState.Attention,
                    $"{container.Name} on {host.Name} is {container.State}, though its restart policy is {container.Details.RestartPolicy}", down, href)
                {
                    Mend = EndpointNames.NetworkOf(container.Details.Error) is { } network
                        ? ("Release endpoint", Links.ReleaseEndpoint(host.Name, network, container.Name))
                        : ("Start", Links.ChangeContainer("start", host.Name, container.Id)),
                };
            }
        }

        if (all.Length > Named)
        {
            yield return new("containers", ChipState.Attention, $"{(all.Length - Named).ToString("N0", CultureInfo.InvariantCulture)} more containers are down against their restart policy, or not answered for", null, Links.Containers);
        }
    }

    private static IEnumerable<Problem> NodeAddresses(ClusterSnapshot snapshot) => SharedNodeAddress.Of(snapshot.Calico).Take(Named)
        .Select(s => new Problem($"address {s.Address}", ChipState.Broken, $"{string.Join(" and ", s.Nodes)} have one BGP address, {s.Address}", $"{s.Why} {SharedNodeAddress.Remedy}", Links.Node(s.Nodes[^1])));

    private static IEnumerable<Problem> Orphans(ClusterSnapshot snapshot)
    {
        var orphans = EndpointRow.Of(snapshot).Where(e => e.IsOrphan).ToArray();
        return orphans.Length > Named
            ? [new Problem("orphans", ChipState.Attention, $"{orphans.Length.ToString("N0", CultureInfo.InvariantCulture)} endpoints were left behind by containers that do not run", "They hold their addresses.", $"{Links.Endpoints}?state=no%20container")]
            : orphans.Select(o => new Problem($"endpoint {o.Key}", ChipState.Attention, $"The endpoint {o.Addresses} on {o.Endpoint.Id.Node} was left behind", "No running container owns it; it holds its address.", o.Href));
    }

    private static IEnumerable<Problem> Pools(ClusterSnapshot snapshot) => PoolRow.Of(snapshot.Calico)
        .Where(p => p.Share >= 0.9)
        .Select(p => new Problem($"pool {p.Pool.Cidr}", ChipState.Attention, $"The IP pool {p.Pool.Cidr} is nearly full", $"{p.UseWords} addresses are taken.", Links.IPPool(p.Pool.Cidr)));

    // One line for all leaks; broken references by their name, since each breaks in its own way.
    private static IEnumerable<Problem> Addresses(IpamIndex? ipam)
    {
        if (ipam is null)
        {
            yield break;
        }

        var problems = ipam.Findings.Where(ipam.IsProblem).ToArray();
        var leaks = problems.Where(f => f.Kind == IpamFindingKind.Leak).ToArray();
        if (leaks.Length == 1)
        {
            yield return new($"leaks {leaks[0].Address}", ChipState.Attention, $"The address {leaks[0].Address} leaked", leaks[0].Why, IpamWords.Where(leaks[0], ipam));
        }
        else if (leaks.Length > 1)
        {
            yield return new("leaks", ChipState.Attention, $"{leaks.Length.ToString("N0", CultureInfo.InvariantCulture)} addresses leaked", "They are allocated, but nobody has them.", $"{Links.IPPools}?tab=findings");
        }

        // Keys that cannot be read are named already.
        var others = problems.Where(f => f.Kind is not (IpamFindingKind.Leak or IpamFindingKind.BlockUnreadable)).ToArray();
        foreach (var finding in others.Take(Named))
        {
            yield return new($"ipam {finding.Id}", IpamWords.State(finding, ipam), finding.Text, finding.Why, IpamWords.Where(finding, ipam));
        }

        if (others.Length > Named)
        {
            yield return new("ipam", IpamWords.State(others[Named], ipam), $"{(others.Length - Named).ToString("N0", CultureInfo.InvariantCulture)} more IPAM findings", null, $"{Links.IPPools}?tab=findings");
        }
    }

    private static IEnumerable<Problem> OpenStack(ClusterSnapshot snapshot) => OpenStackTraps.Of(snapshot.Calico).Take(Named)
        .Select(t => new Problem($"openstack {t.Code}{(t.Node is null ? "" : $" {t.Node}")}", t.Broken ? ChipState.Broken : ChipState.Attention, t.Title, t.Why, t.Parameter is null ? Links.OpenStack : Links.Parameter(RawConfiguration.Felix, t.Parameter)));

    private static IEnumerable<Problem> Refused(ClusterSnapshot snapshot) => snapshot.Calico.Policies.Values.Select(p => (p.Value.Name, Reason: PolicyViews.Rejected(p.Value))).Where(p => p.Reason is not null).Take(Named)
        .Select(p => new Problem($"policy {p.Name}", ChipState.Broken, $"Felix treats the policy {p.Name} as absent", $"{char.ToUpperInvariant(p.Reason![0])}{p.Reason[1..]}.", Links.Policy(p.Name)));

    private static IEnumerable<Problem> Unprogrammable(ClusterSnapshot snapshot) => UnprogrammableRules.Of(snapshot.Calico).Take(Named)
        .Select(p => new Problem($"unprogrammable {p.Resource}", ChipState.Broken, $"Felix cannot program a rule of the {p.Resource.Kind} {p.Resource.Name}", $"{p.Reason}. It stops updating the hosts that should have it, and what gets through there is not known.", p.Resource.Kind == Kinds.Policy ? Links.Policy(p.Resource.Name) : Links.Profile(p.Resource.Name)));

    private static IEnumerable<Problem> OtherTiers(ClusterSnapshot snapshot) => snapshot.Calico.TierPolicies.Take(Named)
        .Select(p => new Problem($"tier {p.Key}", ChipState.Attention, $"Felix enforces a policy of another tier: {p.Key}", "Calico v2.6 has one tier. calicoctl and the policy board do not show this policy, but Felix does not look at the tier. Delete its key with etcdctl if nobody needs it.", Links.OtherKeys));

    private static IEnumerable<Problem> Assertions(ImmutableArray<AssertionResult> assertions)
    {
        var broken = assertions.IsDefault ? [] : assertions.Where(a => a.State is AssertionState.Broken or AssertionState.Unreadable).ToArray();
        foreach (var result in broken.Take(Named))
        {
            yield return new($"assertion {result.Name}", ChipState.Broken, $"The assertion {result.Name} {(result.State == AssertionState.Broken ? "is broken" : "cannot be read")}", $"{result.Assertion?.Sentence} {AssertionWords.Of(result)}".Trim(), Links.Assertion(result.Name));
        }

        if (broken.Length > Named)
        {
            yield return new("assertions", ChipState.Broken, $"{(broken.Length - Named).ToString("N0", CultureInfo.InvariantCulture)} more assertions are broken", null, Links.Assertions);
        }
    }

    private static IEnumerable<Problem> Profiles(ClusterSnapshot snapshot)
    {
        var missing = snapshot.Calico.WorkloadEndpoints.Values.SelectMany(e => e.Value.ProfileIds).Concat(snapshot.Calico.HostEndpoints.Values.SelectMany(e => e.Value.ProfileIds)).Where(p => !snapshot.Calico.Profiles.ContainsKey(p))
            .CountBy(p => p, StringComparer.Ordinal).OrderBy(p => p.Key, StringComparer.Ordinal).Take(Named);
        return missing.Select(p => new Problem(
            $"profile {p.Key}", ChipState.Attention, $"The profile {p.Key} does not exist but endpoints name it", p.Value == 1 ? "One endpoint gets nothing from it." : $"{p.Value.ToString("N0", CultureInfo.InvariantCulture)} endpoints get nothing from it.", Links.Profile(p.Key)));
    }
}
