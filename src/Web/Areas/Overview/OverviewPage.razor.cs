using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Pools;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Overview;

public sealed partial class OverviewPage
{
    private const int MostChanges = 8;

    private ImmutableArray<Problem> _problems = [];
    private ImmutableArray<FirstStep> _steps = [];
    private ImmutableArray<AuditEntry> _recent = [];
    private (int Count, string Word, string Href)[] _counts = [];
    private ImmutableArray<PoolRow> _pools = [];
    private ImmutableArray<HostLoad> _hosts = [];
    private (object Pools, object Blocks)? _poolsOf;
    private (object Hosts, object Containers, object Endpoints)? _hostsOf;
    private (EmptyKind Kind, string? Reason) _noPools;
    private (EmptyKind Kind, string? Reason) _noHosts;
    private bool _more;
    private string? _failed;
    private string? _seen;
    private bool _live;
    private bool _looked;
    private bool _gone;

    private bool Settled => _live && _looked;

    private string Finished => string.Join(' ', Running.Operations.Select(o => $"{o.Id}{o.Finished is null}"));

    protected override void OnSnapshot()
    {
        _steps = FirstSteps.For(Snapshot);
        _live = Snapshot.Feeds.Length > 0 && Snapshot.Feeds.All(f => f.Status == FeedStatus.Live);
        var calico = Snapshot.Calico;
        _counts =
        [
            (Snapshot.Views.Nodes.Length, "nodes", Links.Nodes),
            (calico.IPPools.Count, "IP pools", Links.IPPools),
            (Snapshot.Views.Networks.Count(n => n.IsCalico), "calico networks", $"{Links.Networks}?driver=calico"),
            (Snapshot.Views.Containers.Values.Count(c => c.Container.State == "running"), "running containers", $"{Links.Containers}?state=running"),
            (calico.WorkloadEndpoints.Count, "endpoints", Links.Endpoints),
            (calico.Profiles.Count, "profiles", Links.Profiles),
        ];
        (_noPools, _noHosts) = (FeedWords.Empty(Snapshot, FeedWords.Etcd), FeedWords.Empty(Snapshot, FeedWords.Docker));
        Measure(calico);
    }

    // What did not change is not counted again: there may be 100,000 endpoints, and a snapshot comes several times a second.
    private void Measure(CalicoState calico)
    {
        if (_poolsOf is not { } pools || !ReferenceEquals(pools.Pools, calico.IPPools) || !ReferenceEquals(pools.Blocks, calico.Blocks))
        {
            _poolsOf = (calico.IPPools, calico.Blocks);
            _pools = [.. PoolRow.AllIn(calico).OrderByDescending(p => p.Share).ThenBy(p => p.Pool.Cidr)];
        }

        var containers = Snapshot.Views.Containers;
        if (_hostsOf is not { } hosts || !ReferenceEquals(hosts.Hosts, Snapshot.Hosts) || !ReferenceEquals(hosts.Containers, containers)
            || !ReferenceEquals(hosts.Endpoints, calico.WorkloadEndpoints))
        {
            _hostsOf = (Snapshot.Hosts, containers, calico.WorkloadEndpoints);
            _hosts = HostLoad.AllIn(Snapshot);
        }
    }

    protected override async Task OnInitializedAsync()
    {
        Running.Changed += OnOperations;
        Problems.Changed += OnProblems;
        _problems = await Problems.LatestAsync(CancellationToken.None);
        _looked = true;
        await LoadAsync();
    }

    protected override ValueTask DisposeCoreAsync()
    {
        _gone = true;
        Running.Changed -= OnOperations;
        Problems.Changed -= OnProblems;
        return base.DisposeCoreAsync();
    }

    private void OnProblems() => _ = InvokeAsync(() =>
    {
        if (!_gone)
        {
            _problems = Problems.Found ?? [];
            StateHasChanged();
        }
    });

    private void OnOperations() => _ = InvokeAsync(async () =>
    {
        if (!_gone && Finished != _seen)
        {
            await LoadAsync();
            StateHasChanged();
        }
    });

    private async Task LoadAsync()
    {
        _seen = Finished;
        try
        {
            var day = new AuditQuery { Limit = MostChanges + 1, Since = Time.GetUtcNow() - TimeSpan.FromDays(1) };
            var found = await Log.QueryAsync(day, CancellationToken.None);
            (_recent, _more) = ([.. found.Items.Take(MostChanges)], found.Items.Length > MostChanges);
            _failed = null;
        }
        catch (CalicoConsole.Adapters.Audit.ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }
    }
}
