using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Tests.Reachability.Traffic;

/// <summary>What stands between an endpoint and everybody else.</summary>
public sealed class EndpointProtectionTests
{
    private static readonly Rule Allow = new() { Action = "allow" };
    private static readonly Profile Open = new() { Name = "open", Tags = ["open"], Ingress = [Allow], Egress = [Allow] };
    private static readonly Profile Own = Open with { Name = "own", Tags = ["own"], Ingress = [Allow with { Source = new RuleEntity { Tag = "own" } }] };
    private static readonly Profile Web = Open with { Name = "web", Tags = ["web"], Ingress = [Tcp(80)] };

    private static readonly Policy Closing = new()
    {
        Name = "closing",
        Order = 10,
        Selector = "has(open)",
        Types = ["ingress"],
        Ingress = [Tcp(22)],
    };

    public static TheoryData<string, EndpointExposure> Profiles => new()
    {
        { "open", EndpointExposure.Everything }, { "own", EndpointExposure.Nothing }, { "web", EndpointExposure.Something },
        { "missing", EndpointExposure.Nothing },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Exposure_IsWhatOutsideMaySend(string profile, EndpointExposure exposure)
    {
        var protections = EndpointProtections.From(Model(profile));
        Assert.Equal(exposure, protections.For(Id).Exposure);
        Assert.Empty(protections.For(Id).Policies);
    }

    [Fact]
    public void Policies_AreThoseThatSelectIt_InTheirOrder_AndDecide()
    {
        var first = Closing with { Name = "z-first", Order = 5, Types = ["egress"], Ingress = [], Egress = [Allow] };
        var elsewhere = Closing with { Name = "elsewhere", Selector = "has(nobody)" };
        var early = Closing with { Name = "early", PreDnat = true };
        var protection = EndpointProtections.From(Model("open", Closing, first, elsewhere, early)).For(Id);
        Assert.Equal(["z-first", "closing"], protection.Policies);
        Assert.Equal(EndpointExposure.Something, protection.Exposure);
    }

    [Fact]
    public void Endpoint_ThatIsNotThere_IsUnknown() =>
        Assert.Equal(EndpointExposure.Unknown, EndpointProtections.From(Model("open")).For(Id with { Name = "other" }).Exposure);

    [Fact]
    public void Address_OfEitherVersion_Counts()
    {
        var six = Allow with { IPVersion = 6 };
        var profile = Own with { Name = "six", Ingress = [.. Own.Ingress, six] };
        var input = new ReachabilityInput
        {
            Profiles = [profile],
            WorkloadEndpoints = [Endpoint("six") with { IPv6Nets = [Cidr.Parse("fd80::1/128")] }, Endpoint("six") with { Id = Id with { Name = "four" } }],
        };
        var protections = EndpointProtections.From(new ReachabilityModel(input));
        Assert.Equal((EndpointExposure.Everything, EndpointExposure.Nothing),
            (protections.For(Id).Exposure, protections.For(Id with { Name = "four" }).Exposure));
    }

    private static WorkloadEndpointId Id { get; } = new("n1", "libnetwork", "libnetwork", "e1");

    private static Rule Tcp(int port) => Allow with { Protocol = new("tcp", 0), Destination = new RuleEntity { Ports = [new PortRange(port, port)] } };

    private static WorkloadEndpoint Endpoint(string profile) =>
        new() { Id = Id, InterfaceName = "cali1", ProfileIds = [profile], IPv4Nets = [Cidr.Parse("10.0.0.1/32")] };

    private static ReachabilityModel Model(string profile, params Policy[] policies) =>
        new(new ReachabilityInput { Profiles = [Open, Own, Web], Policies = [.. policies], WorkloadEndpoints = [Endpoint(profile)] });
}
