using System.Diagnostics;
using System.Text;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Bgp;
using CalicoConsole.Tests;

namespace CalicoConsole.NodeEmulation.Tests;

public sealed class BirdConfigurationBuilderTests
{
    private static readonly (string Key, string Value)[] TwoNodes =
    [
        ("/calico/bgp/v1/global/as_num", "64512"),
        ("/calico/bgp/v1/global/node_mesh", """{"enabled":true}"""),
        ("/calico/bgp/v1/global/loglevel", "info"),
        ("/calico/bgp/v1/host/docker01/ip_addr_v4", "192.168.122.45"),
        ("/calico/bgp/v1/host/docker01/ip_addr_v6", ""),
        ("/calico/bgp/v1/host/docker01/network_v4", "192.168.122.0/24"),
        ("/calico/bgp/v1/host/docker02/ip_addr_v4", "192.168.122.46"),
        ("/calico/bgp/v1/host/docker02/ip_addr_v6", ""),
        ("/calico/bgp/v1/host/docker02/network_v4", "192.168.122.0/24"),
        ("/calico/v1/ipam/v4/pool/192.0.2.0-24", Pool("192.0.2.0/24")),
        ("/calico/v1/ipam/v4/pool/198.51.100.0-24", Pool("198.51.100.0/24", disabled: true)),
        ("/calico/ipam/v2/host/docker01/ipv4/block/192.0.2.0-26", ""),
        ("/calico/ipam/v2/host/docker02/ipv4/block/192.0.2.64-26", ""),
    ];

    public static TheoryData<string, string, string> Additions => new()
    {
        { "/calico/bgp/v1/host/docker01/as_num", "64513", "  local as 64513;" },
        { "/calico/bgp/v1/host/docker02/as_num", "65546", "  neighbor 192.168.122.46 as 65546;" },
        { "/calico/bgp/v1/global/peer_v4/10.0.20.20", """{"ip":"10.0.20.20","as_num":"64567"}""", "protocol bgp Global_10_0_20_20 from calico_peer {\n  neighbor 10.0.20.20 as 64567;\n}" },
        { "/calico/bgp/v1/host/docker01/peer_v4/10.0.20.21", """{"ip":"10.0.20.21","as_num":"64568"}""", "protocol bgp Node_10_0_20_21 from calico_peer {\n  neighbor 10.0.20.21 as 64568;\n}" },
        { "/calico/bgp/v1/host/docker01/loglevel", "debug", "protocol device {\n  debug all;\n" },
        { "/calico/bgp/v1/global/loglevel", "none", "protocol device {\n  scan time 2;\n" },
        { "/calico/bgp/v1/global/custom_filters/v4/own", "if net = 203.0.113.0/24 then accept;",
            "function calico_custom() {\nif net = 203.0.113.0/24 then accept;\n}" },
        { "/calico/ipam/v2/host/docker01/ipv4/block/192.0.2.128-26", "", "  route 192.0.2.128/26 blackhole;" },
        { "/calico/bgp/v1/host/docker03/ip_addr_v4", "", "neighbor 192.168.122.46 as 64512;" },
        { "/calico/bgp/v1/host/docker03/loglevel", "info", "neighbor 192.168.122.46 as 64512;" },
    };

    public static TheoryData<string, string?, string> Refusals => new()
    {
        { "/calico/bgp/v1/global/node_mesh", null, "/calico/bgp/v1/global/node_mesh is missing" },
        { "/calico/bgp/v1/global/node_mesh", "on", "/calico/bgp/v1/global/node_mesh cannot be read: on" },
        { "/calico/bgp/v1/global/as_num", null, "/calico/bgp/v1/global/as_num is missing" },
        { "/calico/bgp/v1/global/as_num", "1.10", "/calico/bgp/v1/global/as_num holds no AS number: '1.10'" },
        { "/calico/bgp/v1/host/docker01/ip_addr_v4", null, "/calico/bgp/v1/host/docker01/ip_addr_v4 is missing" },
        { "/calico/bgp/v1/host/docker01/ip_addr_v4", "", "/calico/bgp/v1/host/docker01/ip_addr_v4 holds no IPv4 address: ''" },
        { "/calico/bgp/v1/host/docker01/network_v4", null, "/calico/bgp/v1/host/docker01/network_v4 is missing" },
        { "/calico/bgp/v1/host/docker02/ip_addr_v4", "docker02", "/calico/bgp/v1/host/docker02/ip_addr_v4 holds no IPv4 address: 'docker02'" },
        { "/calico/bgp/v1/global/peer_v4/10.0.20.20", """{"ip":"10.0.20.20","as_num":"0"}""", """/calico/bgp/v1/global/peer_v4/10.0.20.20 is no BGP peer that BIRD takes: {"ip":"10.0.20.20","as_num":"0"}""" },
        { "/calico/bgp/v1/host/docker01/peer_v4/x", "nonsense", "/calico/bgp/v1/host/docker01/peer_v4/x is no BGP peer that BIRD takes: nonsense" },
        { "/calico/ipam/v2/host/docker01/ipv4/block/nonsense", "", "/calico/ipam/v2/host/docker01/ipv4/block/nonsense names no block" },
    };

    [Fact]
    public void Node_OfTwo_HasTheMeshAndItsBlocks()
    {
        var text = Build(TwoNodes).Text!;

        Assert.StartsWith("router id 192.168.122.45;\n", text, StringComparison.Ordinal);
        Assert.Contains("protocol static {\n  route 192.0.2.0/26 blackhole;\n}\n", text, StringComparison.Ordinal);
        Assert.Contains("function calico_blocks() {\n  if net = 192.0.2.0/26 then accept;\n  if net ~ 192.0.2.0/26 then reject;\n}\n", text,
            StringComparison.Ordinal);
        Assert.Contains("  if net ~ 192.0.2.0/24 then accept;\n  if net ~ 198.51.100.0/24 then accept;\n  reject;\n}\n", text, StringComparison.Ordinal);
        Assert.Contains("  local as 64512;\n", text, StringComparison.Ordinal);
        Assert.Contains("  source address 192.168.122.45;\n", text, StringComparison.Ordinal);
        Assert.EndsWith("protocol bgp Mesh_192_168_122_46 from calico_peer {\n  neighbor 192.168.122.46 as 64512;\n}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.64", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hold time", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Mesh_SwitchedOff_HasNoNeighbours()
    {
        var text = Build(With("/calico/bgp/v1/global/node_mesh", """{"enabled":false}""")).Text!;

        Assert.DoesNotContain("protocol bgp", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Node_WithoutBlocks_HasNoStaticRoutes()
    {
        var text = Build([.. TwoNodes.Where(k => !k.Key.StartsWith("/calico/ipam/", StringComparison.Ordinal))]).Text!;

        Assert.DoesNotContain("protocol static", text, StringComparison.Ordinal);
        Assert.Contains("function calico_blocks() {\n}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Additions))]
    [NeedsPrograms]
    public async Task Key_Added_ShowsInAConfigurationThatBirdTakes(string key, string value, string expected)
    {
        var configuration = Build(With(key, value));

        Assert.Contains(expected, configuration.Text, StringComparison.Ordinal);
        Assert.Equal("", await BirdSaysAsync(configuration.Text!));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Key_MissingOrOdd_LeavesNoConfiguration(string key, string? value, string problem)
    {
        var configuration = Build(With(key, value));

        Assert.Null(configuration.Text);
        Assert.Contains(problem, configuration.Problems);
    }

    [Fact]
    [NeedsPrograms]
    public async Task Timers_Quick_AreTakenByBird()
    {
        var text = BirdConfigurationBuilder.Build("docker01", State(TwoNodes), BgpTimers.Quick).Text!;

        Assert.Contains("  hold time 9;\n  error wait time 1, 4;\n  connect retry time 2;\n", text, StringComparison.Ordinal);
        Assert.Equal("", await BirdSaysAsync(text));
    }

    // The program itself is the judge of the text.
    private static async Task<string> BirdSaysAsync(string configuration)
    {
        NeedsProgramsAttribute.Demand("bird");
        var cancel = TestContext.Current.CancellationToken;
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, configuration, cancel);
            using var bird = Process.Start(new ProcessStartInfo("/usr/sbin/bird", ["-p", "-c", file])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true
            })!;
            var said = await bird.StandardError.ReadToEndAsync(cancel) + await bird.StandardOutput.ReadToEndAsync(cancel);
            await bird.WaitForExitAsync(cancel);
            return bird.ExitCode == 0 ? "" : $"exit code {bird.ExitCode}: {said}";
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static BirdConfiguration Build((string Key, string Value)[] keys) => BirdConfigurationBuilder.Build("docker01", State(keys), null);

    private static CalicoState State((string Key, string Value)[] keys) =>
        CalicoStateUpdate.FromListing([.. keys.Select(k => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), 1))], 1);

    private static (string Key, string Value)[] With(string key, string? value) =>
        [.. TwoNodes.Where(k => k.Key != key), .. value is null ? Array.Empty<(string, string)>() : [(key, value)]];

    private static string Pool(string cidr, bool disabled = false) =>
        $$"""{"cidr":"{{cidr}}","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":{{(disabled ? "true" : "false")}}}""";
}
