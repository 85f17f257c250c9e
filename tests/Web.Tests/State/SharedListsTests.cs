using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.State;

public sealed class SharedListsTests
{
    private readonly SharedLists _lists = new();
    private readonly SharedEndpoints _endpoints = new();

    [Fact]
    public void Endpoints_AreTheSameArrayUntilOneChanges()
    {
        var snapshot = With(new ClusterSnapshot(), "a", "web");
        var rows = _endpoints.AllIn(snapshot);

        Assert.Equal(rows,
            _endpoints.AllIn(snapshot with { Version = 2, Feeds = [new FeedState("audit", FeedStatus.Live, DateTimeOffset.UnixEpoch, null, null)] }));
        var changed = _endpoints.AllIn(With(snapshot, "b", "web"));
        Assert.NotEqual(rows, changed);
        Assert.Equal(["a", "b"], changed.Select(r => r.Endpoint.Id.Name));
    }

    [Fact]
    public void Endpoints_AreMadeAnewWhenAHostAnswers()
    {
        var host = new DockerHostState { Name = "docker01", Address = "" };
        var snapshot = With(new ClusterSnapshot { Hosts = ImmutableSortedDictionary<string, DockerHostState>.Empty.Add("docker01", host) }, "a", "web");
        Assert.False(_endpoints.AllIn(snapshot)[0].HostKnown);

        var answered = snapshot with
        {
            Hosts = snapshot.Hosts.SetItem("docker01", host with { Info = new DockerInfo("id", "n1", "20.10.24", "1.41", "Debian", "6.1", "", "", []) }),
            Feeds = [new FeedState("docker/docker01", FeedStatus.Live, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch)],
        };

        Assert.True(_endpoints.AllIn(answered)[0].HostKnown);
    }

    [Fact]
    public void Facets_AreThoseOfTheseRowsAndColumns()
    {
        var rows = _endpoints.AllIn(With(With(new ClusterSnapshot(), "a", "web"), "b", "db"));
        var facets = _lists.Facets(rows, EndpointRow.Columns);

        Assert.Equal([new("db", 1), new("web", 1)], facets.Single(f => f.Column.Key == "profile").Values);
        Assert.Equal(facets, _lists.Facets(rows, [.. EndpointRow.Columns]));
        ListColumn<EndpointRow>[] other = [new("n", "N", r => r.Endpoint.Id.Name) { Facet = true }];
        Assert.Equal([new("a", 1), new("b", 1)], Assert.Single(_lists.Facets(rows, other)).Values);
        ListColumn<EndpointRow>[] odd = [new("o", "O", r => $"<b title=\"{r.Endpoint.Id.Name}\">") { Facet = true }];
        Assert.StartsWith("<option value=\"&lt;b title=&quot;a&quot;&gt;\">&lt;b title=&quot;a&quot;&gt; (1)</option><option",
            Assert.Single(_lists.Facets(rows, odd)).Options.Value, StringComparison.Ordinal);
        Assert.Equal(facets.Length, _lists.Facets(ImmutableArray<EndpointRow>.Empty, EndpointRow.Columns).Length);
    }

    private static ClusterSnapshot With(ClusterSnapshot snapshot, string name, string profile)
    {
        var endpoint = new WorkloadEndpoint { Id = new("n1", "libnetwork", "libnetwork", name), ProfileIds = [profile] };
        var stored = new Stored<WorkloadEndpoint>(endpoint, [new StoredKey(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint), 1)]);
        return snapshot with { Calico = snapshot.Calico with { WorkloadEndpoints = snapshot.Calico.WorkloadEndpoints.With(stored) } };
    }
}
