using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Kinds;

/// <summary>The closed set of kinds: what the look-ups of all of them rest on.</summary>
public sealed class KindTests
{
    private static readonly object[] Samples =
    [
        new IPPool { Cidr = Cidr.Parse("10.7.0.0/16") },
        new Profile { Name = "team/web" },
        new Policy { Name = "allow-dns" },
        new Node { Name = "rack1" },
        new BgpPeer { PeerIP = Ip.Parse("192.0.2.9") },
        new BgpPeer { PeerIP = Ip.Parse("2001:db8::9"), Node = "rack1" },
        new HostEndpoint { Node = "rack1", Name = "uplink/0" },
        new WorkloadEndpoint { Id = new("rack1", "libnetwork", "a/b", "ep0") },
    ];

    [Fact]
    public void Kinds_HaveAFileAWordAndAliasesOfTheirOwn()
    {
        Assert.All(Kind.All, k => Assert.True(
            File.Exists(Path.Combine(CalicoConsole.Tests.Repository.Root, "src", "Core", "Kinds", $"{k.Type.Name}Kind.cs")), k.Name));
        Assert.Equal(Kind.All.Length, Kind.All.Select(k => k.Word).Distinct(StringComparer.Ordinal).Count());
        var aliases = Kind.All.SelectMany(k => k.Aliases).ToArray();
        Assert.Equal(aliases, aliases.Distinct(StringComparer.OrdinalIgnoreCase));
        Assert.All(Kind.All, k => Assert.Same(k, Kind.FindAlias(k.Name)));
        Assert.All(Kind.All, k => Assert.Same(k, Kind.Find(k.Name)));
    }

    [Fact]
    public void Samples_OfEveryKind_AreKnownByNameLabelAndKey()
    {
        Assert.Equal(Kind.Names, Samples.Select(r => ResourceId.From(r).Kind).Distinct(StringComparer.Ordinal));
        foreach (var resource in Samples)
        {
            var id = ResourceId.From(resource);
            Assert.Equal(id, ResourceId.OfLabel(id.Kind, id.Label));
            Assert.Equal(ResourceCodec.Keys(id)[0], ResourceCodec.Encode(resource)[0].Key);
            Assert.Same(Kind.Find(id.Kind), Kind.OfResource(resource));
        }

        Assert.Throws<ArgumentException>(() => ResourceId.From("a text"));
        Assert.Throws<ArgumentException>(() => ResourceCodec.Merge(Samples[1], Samples[2]));
        Assert.Null(ResourceId.OfLabel("network", "my_net"));
        Assert.Empty(ResourceCodec.Keys(new ResourceId(KindNames.IPPool, "no-cidr")));
    }
}
