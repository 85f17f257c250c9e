using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Overview;

public sealed partial class OverviewPage
{
    private ImmutableArray<Problem> _problems = [];
    private ImmutableArray<FirstStep> _steps = [];
    private ImmutableArray<AuditEntry> _recent = [];
    private (int Count, string Word, string Href)[] _counts = [];
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
            _recent = (await Log.QueryAsync(new AuditQuery { Limit = 8 }, CancellationToken.None)).Items;
            _failed = null;
        }
        catch (CalicoConsole.Adapters.Audit.ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }
    }
}
