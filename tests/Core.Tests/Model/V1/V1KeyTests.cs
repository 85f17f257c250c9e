using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CsCheck;

namespace CalicoConsole.Core.Tests.Model.V1;

public sealed class V1KeyTests
{
    [Theory]
    [InlineData("a/b%c", "a%2fb%25c")]
    [InlineData("a%2fb", "a%252fb")]
    public void EscapeName_RoundTrips(string name, string escaped)
    {
        Assert.Equal(escaped, V1Keys.EscapeName(name));
        Assert.Equal(name, V1Keys.UnescapeName(escaped));
    }

    [Fact]
    public void EscapeName_AnyName_RoundTrips() => Gen.String[Gen.OneOfConst('%', '/', '2', 'f', '5', 'F', 'a'), 0, 12]
        .Sample(name => V1Keys.UnescapeName(V1Keys.EscapeName(name)) == name);

    [Fact]
    public void Parse_AnyText_NeverThrows() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.OneOfConst("/calico/v1/ipam/v4/pool-host.%".ToCharArray()), 0, 40].Select(s => "/calico/v1/" + s))
            .Sample(key => V1Key.Parse(key) is not null);

    [Fact]
    public void Parse_BuiltKeys_GiveTheirIdentity()
    {
        var id = new WorkloadEndpointId("n1", "k8s", "ns/pod1", "eth0");
        Assert.Equal("/calico/v1/host/n1/workload/k8s/ns%2fpod1/endpoint/eth0", V1Keys.WorkloadEndpoint(id));
        Assert.Equal(new V1Key.WorkloadEndpoint(id), V1Key.Parse(V1Keys.WorkloadEndpoint(id)));
        Assert.Equal(new V1Key.ProfileKey("a/b", ProfilePart.Rules), V1Key.Parse(V1Keys.ProfileRules("a/b")));
        Assert.Equal(new V1Key.Pool(Cidr.Parse("fd80::/64")), V1Key.Parse("/calico/v1/ipam/v6/pool/fd80::-64"));
        Assert.Equal(new V1Key.MalformedPool("fd80::-64"), V1Key.Parse("/calico/v1/ipam/v4/pool/fd80::-64"));
        Assert.Equal(new V1Key.MalformedPool("tmp"), V1Key.Parse("/calico/v1/ipam/v4/pool/tmp"));
        Assert.Equal(new V1Key.IpamBlock(Cidr.Parse("10.0.0.64/26")), V1Key.Parse(V1Keys.IpamBlock(Cidr.Parse("10.0.0.64/26"))));
        Assert.Equal(new V1Key.IpamAffinity("n1", Cidr.Parse("fd80::40/122")), V1Key.Parse(V1Keys.IpamAffinity("n1", Cidr.Parse("fd80::40/122"))));
        Assert.Equal(new V1Key.BgpPeer("n1", Ip.Parse("aa:bb::ff")), V1Key.Parse("/calico/bgp/v1/host/n1/peer_v6/aa:bb::ff"));
        foreach (var part in Enum.GetValues<NodePart>())
        {
            Assert.Equal(new V1Key.NodeKey("n1", part), V1Key.Parse(V1Keys.Node("n1", part)));
        }

        Assert.IsType<V1Key.Other>(V1Key.Parse("/calico/v1/host/n1/unheard"));
        Assert.IsType<V1Key.Other>(V1Key.Parse("/docker/nodes/x"));
    }
}
