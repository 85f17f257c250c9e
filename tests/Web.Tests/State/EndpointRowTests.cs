using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.State;

/// <summary>What a list of endpoints says of each, and finds them by.</summary>
public sealed class EndpointRowTests
{
    private static readonly Rule Allow = new() { Action = "allow" };

    private readonly SharedEndpoints _shared = new();

    [Fact]
    public void Noted_IsWhatIsWorthALook_AndFiltersTheList()
    {
        var rows = Rows();
        Assert.Equal("unprotected, unlabelled, nothing selects it", Row(rows, "bare").Noted);
        Assert.Equal("unprotected, nothing selects it", Row(rows, "named").Noted);
        Assert.Equal("", Row(rows, "chosen").Noted);
        Assert.Equal(("0", "1"), (Row(rows, "bare").PolicyCount, Row(rows, "chosen").PolicyCount));

        string[] Names(string facet, string value) =>
        [
            .. ListView.Apply(rows, EndpointRow.Columns, new ListQuery { Facets = new ListQuery().Facets.Add(facet, value) }).Select(r => r.Endpoint.Id.Name),
        ];
        Assert.Equal(["bare", "named"], Names("noted", "unprotected"));
        Assert.Equal(["bare"], Names("noted", "unlabelled"));
    }

    [Fact]
    public void NotWorkedOutYet_SaysNothingOfPolicies()
    {
        var row = _shared.AllIn(Snapshot())[0];
        Assert.Equal(("unlabelled", ""), (row.Noted, row.PolicyCount));
    }

    [Fact]
    public void Hidden_IsSearchedAndNotDrawn()
    {
        Assert.Contains(EndpointRow.Columns, c => c is { Key: "labels", Hidden: true });
        var found = ListView.Apply(Rows(), EndpointRow.Columns, new ListQuery { Text = "role=web" });
        Assert.Equal(["chosen"], found.Select(r => r.Endpoint.Id.Name));
    }

    [Fact]
    public void Rows_AreTheSameArray_UntilTheRulesChange()
    {
        var (snapshot, model) = (Snapshot(), ReachabilityModel.From(Snapshot()));
        var protections = _shared.Protect(model);
        Assert.Same(protections, _shared.Protect(model));
        Assert.Same(protections, _shared.Known);
        var rows = _shared.AllIn(snapshot, protections);
        Assert.Equal(rows, _shared.AllIn(snapshot, protections));
        Assert.NotEqual(rows, _shared.AllIn(snapshot, _shared.Protect(ReachabilityModel.From(snapshot))));
    }

    private static EndpointRow Row(ImmutableArray<EndpointRow> rows, string name) => rows.Single(r => r.Endpoint.Id.Name == name);

    private static ClusterSnapshot Snapshot()
    {
        var calico = CalicoState.Empty with
        {
            Profiles = CalicoState.Empty.Profiles.Add("open", new(new Profile { Name = "open", Ingress = [Allow], Egress = [Allow] }, [])),
            Policies = CalicoState.Empty.Policies.Add("web", new(new Policy { Name = "web", Selector = "role == 'web'" }, [])),
        };
        foreach (var (name, label) in new[] { ("bare", (string?)null), ("chosen", "web"), ("named", "db") })
        {
            var endpoint = new WorkloadEndpoint
            {
                Id = new("n1", "libnetwork", "libnetwork", name),
                InterfaceName = "cali1",
                ProfileIds = ["open"],
                IPv4Nets = [Cidr.Parse("10.0.0.1/32")],
                Labels = label is null ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add("role", label),
            };
            calico = calico with { WorkloadEndpoints = calico.WorkloadEndpoints.With(new(endpoint, [new(V1Keys.WorkloadEndpoint(endpoint.Id), default, 1)])) };
        }

        return new ClusterSnapshot { Calico = calico };
    }

    private ImmutableArray<EndpointRow> Rows()
    {
        var snapshot = Snapshot();
        return _shared.AllIn(snapshot, _shared.Protect(ReachabilityModel.From(snapshot)));
    }
}
