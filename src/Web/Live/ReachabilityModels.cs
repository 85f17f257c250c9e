using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// The compiled model of the newest snapshot, for all pages, requests and plans: made when first asked for, afterwards brought up to date by what
/// changed. Thread-safe; one for the whole process.
/// </summary>
internal sealed class ReachabilityModels : IReachabilityModels, IDisposable
{
    private readonly Lock _lock = new();
    private readonly IClusterState _state;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private ClusterSnapshot _latest;
    private bool _everything;
    private ReachabilityModel? _model;

    public ReachabilityModels(IClusterState state)
    {
        _state = state;
        // Subscribe first: a key that changes meanwhile is read twice rather than never.
        state.Changed += OnChanged;
        _latest = state.Current;
    }

    /// <summary>The newest snapshot with its model.</summary>
    public (ClusterSnapshot Snapshot, ReachabilityModel Model) Current
    {
        get
        {
            lock (_lock)
            {
                if (_model is null || _everything)
                {
                    _model = ReachabilityModel.From(_latest);
                }
                else
                {
                    // Without a change too: it is made anew when previews have filled it with texts that nobody saved.
                    _model = _model.Update(_latest, [.. _changed]);
                }

                _changed.Clear();
                _everything = false;
                return (_latest, _model);
            }
        }
    }

    /// <inheritdoc/>
    public ReachabilityModel For(ClusterSnapshot snapshot)
    {
        var (latest, model) = Current;
        return ReferenceEquals(latest.Calico, snapshot.Calico) ? model : ReachabilityModel.From(snapshot);
    }

    public void Dispose() => _state.Changed -= OnChanged;

    private void OnChanged(SnapshotChange change)
    {
        lock (_lock)
        {
            _latest = change.Snapshot;
            if (change.Keys.IsDefault)
            {
                _everything = true;
            }
            else if (_model is not null)
            {
                _changed.UnionWith(change.Keys);
            }
        }
    }
}
