using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Shell.Palette;


namespace CalicoConsole.Web.Tests.Components;

public sealed class PaletteRankingTests
{
    private static readonly PaletteEntry[] Entries =
    [
        new("page", "Networks", "", "networks"),
        new("action", "Create network", "", "do/create-network"),
        new("action", "Stop container web1", "docker01", "do/stop"),
        new("container", "web1", "docker01 busybox 192.0.2.2", "containers/docker01/1"),
        new("container", "web10", "docker02 busybox 192.0.2.20", "containers/docker02/2"),
        new("container", "myweb1", "docker01 busybox", "containers/docker01/3"),
        new("network", "my_net", "calico 192.0.2.0/24", "networks/1"),
    ];

    [Theory]
    [InlineData("web1", "web1, web10, Stop container web1, myweb1")]
    [InlineData("WEB10", "web10")]
    [InlineData("stop web1", "Stop container web1")]
    [InlineData("net", "Networks, my_net, Create network")]
    [InlineData("192.0.2.2", "web1, web10")]
    [InlineData("container my", "myweb1")]
    [InlineData("container web1", "web1, web10, Stop container web1, myweb1")]
    [InlineData("nothing here", "")]
    public void Find_Words_BestFirst(string text, string names) =>
        Assert.Equal(names, string.Join(", ", PaletteRanking.Find(Entries, text).Select(e => e.Name)));

    [Fact]
    public void Find_NoWords_KeepsTheGivenOrder() => Assert.Equal(Entries, PaletteRanking.Find(Entries, "  "));

    [Fact]
    public void Find_ManyEntries_AreCut()
    {
        var many = Enumerable.Range(0, 100_000).Select(i => new PaletteEntry("endpoint", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", $"node{i}", $"e/{i}"))
            .ToList();
        var found = PaletteRanking.Find(many, "10.1.2.3");
        Assert.Equal(PaletteRanking.Most, PaletteRanking.Find(many, "10").Length);
        Assert.Equal("10.1.2.3", found[0].Name);
    }

    [Fact]
    public void Entries_Snapshot_HoldEveryObjectAndItsActions()
    {
        var state = new ManualClusterState();
        state.Publish(Cluster.Snapshot());
        var entries = PaletteEntries.AllIn(state.Current);
        foreach (var (kind, name) in new[]
        {
            ("page", "Audit"), ("action", "Create IP pool"), ("node", "docker01"), ("IP pool", "192.0.2.0/24"), ("network", "my_net"), ("profile", "team/db"),
            ("container", "workload1"), ("endpoint", "192.0.2.2"), ("action", "Stop container workload1"), ("action", "Start container workload2"),
            ("action", "Deploy calico-node on docker02"), ("action", "Ping from workload1"), ("action", "Delete profile my_net"),
        })
        {
            Assert.Contains(entries, e => e.Kind == kind && e.Name == name);
        }

        Assert.DoesNotContain(entries, e => e.Name is "Ping from workload2" or "Remove calico-node from docker01");
        Assert.All(entries.Where(e => e.Kind != "page"), e => Assert.NotEmpty(e.Href));
    }
}
