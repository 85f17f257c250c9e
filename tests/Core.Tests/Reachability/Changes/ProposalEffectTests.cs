using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;

namespace CalicoConsole.Core.Tests.Reachability.Changes;

public class ProposalEffectTests
{
    private static readonly Protocol Tcp = new("tcp", 0);

    private static readonly ReachabilityModel Now = new(new ReachabilityInput
    {
        Profiles =
        [
            new Profile { Name = "web", Tags = ["web"], Egress = [new Rule { Action = "allow" }] },
            new Profile { Name = "db", Tags = ["db"], Egress = [new Rule { Action = "allow" }] },
        ],
        WorkloadEndpoints = [Endpoint("web1", "192.0.2.1", "web"), Endpoint("web2", "192.0.2.2", "web"), Endpoint("db1", "192.0.2.3", "db")],
    });

    [Fact]
    public void AllowedPort_OpensFromEachOfTheTag()
    {
        var proposal = ReachabilityProposal.From(new Profile
        {
            Name = "db",
            Tags = ["db"],
            Ingress =
            [
                new Rule
                {
                    Action = "allow",
                    Protocol = Tcp,
                    Source = new RuleEntity { Tag = "web" },
                    Destination = new RuleEntity { Ports = [new(5432, 5432)] },
                },
            ],
            Egress = [new Rule { Action = "allow" }],
        });
        var effect = EffectOf(proposal);
        Assert.Equal((3, 2L, 0L, 3), (effect.Endpoints, effect.IPv4.OpenedPairs, effect.IPv4.ClosedPairs, effect.IPv4.EndpointCount));
        Assert.True(effect.IPv6.IsEmpty);
        Assert.Equal("tcp 5432", Assert.Single(Assert.Single(effect.IPv4.Changes).Opened).ToString());
        Assert.Empty(effect.Warnings);
        Assert.Same(proposal, effect.Proposal);
    }

    [Fact]
    public void SameAsNow_IsEmpty() =>
        Assert.True(EffectOf(ReachabilityProposal.From(new Profile { Name = "db", Tags = ["db"], Egress = [new Rule { Action = "allow" }] })).IsEmpty);

    [Fact]
    public void Deleted_SaysWhoseProfileIsMissing()
    {
        var effect = EffectOf(ReachabilityProposal.Empty.Without(new ResourceId(KindNames.Profile, "db")));
        Assert.Equal(ReachabilityWarningKind.MissingProfile, Assert.Single(effect.Warnings).Kind);
    }

    [Fact]
    public void Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => ProposalEffect.From(Now, ReachabilityProposal.Empty, EndpointGroups.ByProfile, cancelled.Token));
    }

    private static ProposalEffect EffectOf(ReachabilityProposal proposal) =>
        ProposalEffect.From(Now, proposal, EndpointGroups.ByProfile, TestContext.Current.CancellationToken);

    private static WorkloadEndpoint Endpoint(string name, string ip, string profile) => new()
    {
        Id = new WorkloadEndpointId("docker01", "libnetwork", "libnetwork", name),
        InterfaceName = "cali" + name,
        ProfileIds = [profile],
        IPv4Nets = [Cidr.Parse(ip + "/32")],
    };
}
