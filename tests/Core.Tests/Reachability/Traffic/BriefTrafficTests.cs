using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Tests.Reachability.Traffic;

/// <summary>What is open between two groups in few words, and the group that stands for the world outside.</summary>
public sealed class BriefTrafficTests
{
    private static readonly Rule Allow = new() { Action = "allow" };
    private static readonly Protocol TcpName = new("tcp", 0);

    public static TheoryData<Rule[], string, TrafficAmount> Rules => new()
    {
        { [], "none", TrafficAmount.Nothing },
        { [Allow], "all", TrafficAmount.Everything },
        { [Tcp(5432)], "tcp 5432", TrafficAmount.Little },
        { [Tcp(80), Tcp(443)], "tcp 80, 443", TrafficAmount.Little },
        { [Tcp(80), Tcp(443), Tcp(8080), Tcp(9090)], "tcp 80, 443, 2 more", TrafficAmount.Little },
        { [Allow with { Protocol = TcpName }], "tcp", TrafficAmount.Much },
        { [Allow with { Protocol = new("icmp", 0), Icmp = new(8, null) }], "ping", TrafficAmount.Little },
        { [Allow with { Protocol = new("icmp", 0), Icmp = new(8, null) }, Tcp(22)], "ping, tcp 22", TrafficAmount.Little },
        { [Allow with { Protocol = new("icmp", 0) }], "icmp", TrafficAmount.Little },
        { [Tcp(22) with { Action = "deny" }, Allow], "all but tcp 22", TrafficAmount.Much },
        { [Allow with { Protocol = new("udp", 0) }, Tcp(53)], "tcp 53, udp", TrafficAmount.Much },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Cell_SaysWhatIsOpen(Rule[] ingress, string words, TrafficAmount amount)
    {
        var cell = Cell(Matrix(ingress, "a", "b"), "a", "b");
        Assert.Equal((words, amount), (cell.Brief, cell.Amount));
        Assert.False(cell.IsForSomePairs);
    }

    [Fact]
    public void Cell_WhereSomePairsMayMore_SaysSo()
    {
        var cell = WithAnOpenReceiver([Tcp(80)]);
        Assert.Equal(("tcp 80 +", TrafficAmount.Little, false), (cell.Brief, cell.Amount, cell.IsForSomePairs));
    }

    [Fact]
    public void Cell_OpenForSomePairsOnly_SaysSo()
    {
        var cell = WithAnOpenReceiver([]);
        Assert.Equal(("all for some", TrafficAmount.Everything, true), (cell.Brief, cell.Amount, cell.IsForSomePairs));
    }

    [Fact]
    public void Outside_IsTheLastGroup_WithWhatComesInAndGetsOut()
    {
        var inside = Allow with { Protocol = TcpName, Source = new RuleEntity { Nets = [Cidr.Parse("203.0.113.0/24")] } };
        var matrix = ReachabilityMatrix.From(new ReachabilityModel(Input([inside, Tcp(443)])), e => [e.Id.Name], outside: true);
        Assert.Equal(matrix.Groups.Length - 1, matrix.OutsideIndex);
        Assert.Equal(0, matrix.Groups[matrix.OutsideIndex].Count);
        var b = matrix.IndexOf("b");
        // A network that a rule names is not what stands for all others.
        Assert.Equal("tcp 443", matrix.Describe(matrix.OutsideIndex, b).Brief);
        Assert.Equal("all", matrix.Describe(b, matrix.OutsideIndex).Brief);
        Assert.Equal(CellKind.Empty, matrix.KindOf(matrix.OutsideIndex, matrix.OutsideIndex));
        Assert.Null(matrix.Describe(matrix.OutsideIndex, matrix.OutsideIndex).Example);
        Assert.Equal(-1, Matrix([], "a", "b").OutsideIndex);
    }

    private static ReachabilityCell Cell(ReachabilityMatrix matrix, string from, string to) => matrix.Describe(matrix.IndexOf(from), matrix.IndexOf(to));

    private static ReachabilityCell WithAnOpenReceiver(ImmutableArray<Rule> ingress)
    {
        var input = Input(ingress);
        var model = new ReachabilityModel(input with
        {
            WorkloadEndpoints = [.. input.WorkloadEndpoints, Endpoint("n1", "wide", "10.0.0.9", "wide")],
            Profiles = [.. input.Profiles, Profile("wide", [Allow])],
        });
        return Cell(ReachabilityMatrix.From(model, e => [e.Id.Name == "a" ? "senders" : "receivers"]), "senders", "receivers");
    }

    private static ReachabilityMatrix Matrix(Rule[] ingress, string from, string to) =>
        ReachabilityMatrix.From(new ReachabilityModel(Input([.. ingress])), e => e.Id.Name == from || e.Id.Name == to ? [e.Id.Name] : []);

    private static Rule Tcp(int port) => Allow with { Protocol = TcpName, Destination = new RuleEntity { Ports = [new PortRange(port, port)] } };

    private static Profile Profile(string name, ImmutableArray<Rule> ingress) => new() { Name = name, Ingress = ingress, Egress = [Allow] };

    private static WorkloadEndpoint Endpoint(string node, string name, string ip, string profile) =>
        new() { Id = new(node, "libnetwork", "libnetwork", name), InterfaceName = $"cali{name}", ProfileIds = [profile], IPv4Nets = [Cidr.Parse($"{ip}/32")] };

    private static ReachabilityInput Input(ImmutableArray<Rule> ingress) => new()
    {
        WorkloadEndpoints = [Endpoint("n1", "a", "10.0.0.1", "web"), Endpoint("n2", "b", "10.0.0.2", "db")],
        Profiles = [Profile("web", [Allow]), Profile("db", ingress)],
    };
}
