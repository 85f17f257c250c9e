using System.Diagnostics;
using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Dataplane;
using CalicoConsole.Tests;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>Real ipset and iptables-restore take what the builder makes, in a network namespace of its own.</summary>
[NeedsPrograms]
public sealed class DataplaneKernelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kernel_EveryFormOfRule_TakesSetsAndTables(bool isIPv6)
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/sbin/ipset") && File.Exists("/usr/sbin/iptables-restore"),
            "needs root, ipset and iptables");
        var wanted = DataplaneBuilder.Build(DataplaneBuilderTests.Input(
            [DataplaneBuilderTests.Endpoint("cali75344688d4d", "192.0.2.2", "every"),
                DataplaneBuilderTests.Endpoint("cali2", "192.0.2.3", "a profile/with an odd \"name\"")],
            [
                new Profile { Name = "every", Tags = ["every"], Ingress = EveryForm(), Egress = EveryForm() },
                DataplaneBuilderTests.Network("a profile/with an odd \"name\"") with { Tags = [], Ingress = [] },
            ],
            [new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), NatOutgoing = true }]) with
        {
            Policies =
            [
                new Policy { Name = "every/policy", Selector = "all()", Ingress = EveryForm(), Egress = EveryForm() },
                    new Policy { Name = "nothing", Types = ["ingress"] },
                new Policy { Name = "untracked", Selector = "all()", DoNotTrack = true, Ingress = EveryForm(), Egress = EveryForm() },
                new Policy { Name = "early", Selector = "all()", PreDnat = true, Types = ["ingress"], Ingress = EveryForm() },
            ],
            HostEndpoints = [new HostEndpoint { Node = "vm", Name = "uplink", InterfaceName = "eth0", ProfileIds = ["every"] }],
        });
        var family = isIPv6 ? wanted.IPv6 : wanted.IPv4;
        Assert.Empty(wanted.Problems);
        var sets = new StringBuilder();
        foreach (var set in family.IpSets)
        {
            sets.Append("create ").Append(set.Name).Append(' ').Append(set.Type).Append(isIPv6 ? " family inet6\n" : " family inet\n");
            sets.AppendJoin("", set.Members.Select(m => $"add {set.Name} {m}\n"));
        }

        var folder = Directory.CreateTempSubdirectory("cc-dataplane-");
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "sets"), sets.ToString(), cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "rules"), string.Concat(family.Tables.Select(t => t.Text)), cancellation);
            const string Script = "set -e; cd \"$1\"; ipset restore -f sets; $2-restore --noflush rules; $2-restore --noflush rules; $2-save";
            var saved = await RunAsync(["--net", "sh", "-c", Script, "sh", folder.FullName, isIPv6 ? "ip6tables" : "iptables"], cancellation);

            foreach (var chain in family.Tables.SelectMany(t => t.Chains))
            {
                Assert.Contains($":{chain} - [", saved, StringComparison.Ordinal);
            }

            Assert.Equal(string.Concat(family.Tables.Select(t => t.Text)).Split('\n').Count(l => l.StartsWith("-A ", StringComparison.Ordinal)),
                saved.Split('\n').Count(l => l.StartsWith("-A cali-", StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ImmutableArray<Rule> EveryForm()
    {
        var tcp = new Protocol("tcp", 0);
        PortRange[] many = [.. Enumerable.Range(1, 20).Select(p => new PortRange(p * 100, (p * 100) + (p % 2)))];
        return
        [
            new Rule { Action = "log", Protocol = new Protocol("udp", 0),
                Destination = new RuleEntity { Ports = [new(53, 53), new(67, 68)], NotPorts = [.. many] } },
            new Rule { Action = "allow", Protocol = tcp, Source = new RuleEntity { Tag = "every", NotTag = "other", Ports = [.. many] },
                Destination = new RuleEntity { Ports = [.. many] } },
            new Rule { Action = "deny", Protocol = new Protocol(null, 132),
                Source = new RuleEntity { Nets = Cidrs("10.0.0.5/8", "fd80::/64", "192.0.2.7"), NotNets = Cidrs("10.1.0.0/16") } },
            new Rule { Action = "deny", Source = new RuleEntity { Net = Cidr.Parse("0.0.0.0/0") },
                Destination = new RuleEntity { Selector = "role == 'web' && has(x)", NotSelector = "all()" } },
            new Rule { Action = "allow", Protocol = new Protocol("icmp", 0), Icmp = new Icmp(8, null), NotIcmp = new Icmp(8, 1) },
            new Rule { Action = "allow", Icmp = new Icmp(3, 4) },
            new Rule { Action = "allow", NotProtocol = new Protocol("icmpv6", 0) },
            new Rule { Action = "next-tier", NotProtocol = tcp },
            new Rule { Action = "", Protocol = new Protocol("udplite", 0), Destination = new RuleEntity { Nets = Cidrs("fd80::/64") } },
            new Rule { Action = "allow", Protocol = new Protocol("icmpv6", 0) },
        ];
    }

    private static ImmutableArray<Cidr> Cidrs(params string[] texts) => [.. texts.Select(Cidr.Parse)];

    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo("unshare") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }
}
